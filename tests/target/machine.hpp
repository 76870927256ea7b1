// SPDX-License-Identifier: Apache-2.0
// Runs a description on a machine in QEMU, and controls its serial console.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "console.hpp"

namespace mullion::target {

struct Options {
    std::string description;        ///< folder in build/PLATFORM/
    std::string platform = "qemu";  ///< configs/PLATFORM.mk selects QEMU's machine
    std::string cpu{};              ///< QEMU's name; the platform's own when empty
    bool deterministic = false;     ///< one thread, and time counted in instructions: all runs are the same
    /// On a deterministic machine, makes a round of all harts take no more than 0.2 ms; see command_line().
    bool short_turns = false;
    std::vector<std::string> extra{};  ///< more arguments of QEMU
    std::chrono::seconds limit{600};   ///< wall time, only against hangs
    /// If not 0, the time to let pass before each read of the console, of 4 KiB at most. The UART is busy meanwhile.
    std::chrono::milliseconds pause{0};
};

/// A running QEMU, which ends with this object or with the test's process. Waiting throws a std::runtime_error, with
/// the whole console in it, at the time limit and at QEMU's end.
class Machine {
 public:
    explicit Machine(const Options& options);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Waits for a finished line of `guest` that matches; see Console::find.
    Match expect_line(std::string_view guest, const std::string& pattern);
    /// Waits for a line that matches and may be unfinished.
    Match expect_prompt(std::string_view guest, const std::string& pattern);
    /// Waits like expect_line(), but returns false if the line does not come in time (wall clock); for waits that the
    /// test then helps along.
    bool sees_line(std::string_view guest, const std::string& pattern, std::chrono::seconds patience);
    /// Waits for a condition, without reading the console meanwhile.
    void wait_until(const std::function<bool()>& condition) const;
    /// Returns the bytes of the console that wait to be read. The pipe holds 64 KiB; then the machine's UART is busy.
    std::size_t unread() const;
    /// Returns everything that was printed so far.
    const std::string& transcript() const { return console_.transcript(); }

    void type(std::string_view text);
    /// Types Ctrl-] and the key.
    void type_key(char key);

    /// Waits for QEMU's end, and returns its exit code.
    int exit_code();
    /// Waits for QEMU's end without reading the console, so that the machine's UART may stay busy; returns its exit
    /// code.
    int exit_code_unread();

 private:
    Match expect(std::string_view guest, const std::string& pattern, Console::Want want);
    int code_of(int status);
    /// Reads some output; returns false at its end.
    bool read_some();
    [[noreturn]] void fail(const std::string& why) const;

    std::chrono::steady_clock::time_point deadline_;
    std::chrono::milliseconds pause_;
    std::string name_;
    pid_t qemu_ = -1;
    int to_qemu_ = -1;
    int from_qemu_ = -1;
    Console console_;
};

/// Returns the path of a hypervisor with a planted defect (cmake/planted.cmake).
std::string planted(const std::string& name, const std::string& description, const std::string& platform = "qemu");

/// Returns whether the harts of the board that QEMU described with that CPU (build/boards) have an extension: what a
/// guest can have of one CPU differs between releases of QEMU.
bool declares(const std::string& cpu, const std::string& extension);

/// The first byte of the hypervisor's keys: Ctrl-].
inline constexpr char escape = '\x1d';

}  // namespace mullion::target
