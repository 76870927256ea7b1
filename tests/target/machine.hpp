// SPDX-License-Identifier: Apache-2.0
// A machine in QEMU that runs a description, with a hand on its serial console.
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
    std::string description;           ///< folder in build/PLATFORM/
    std::string platform = "qemu";     ///< configs/PLATFORM.mk says which machine of QEMU's it is
    std::string cpu{};                 ///< QEMU's name; the platform's own when empty
    bool deterministic = false;        ///< one thread, time counted in instructions: the same run each time
    std::vector<std::string> extra{};  ///< more arguments of QEMU
    std::chrono::seconds limit{600};   ///< wall time, only against hangs
    /// When not 0, the console is read so seldom, 4 KiB at most: the machine's UART is busy meanwhile.
    std::chrono::milliseconds pause{0};
};

/// QEMU ends with this object, and when the process of the test dies. What does not come before the limit, and what
/// comes after the end of QEMU, is a std::runtime_error with the whole console in it.
class Machine {
 public:
    explicit Machine(const Options& options);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Waits for a finished line of `guest` that matches; see Console::find.
    Match expect_line(std::string_view guest, const std::string& pattern);
    /// The same for a line that may be unfinished.
    Match expect_prompt(std::string_view guest, const std::string& pattern);
    /// As expect_line, but false when it has not come by then, by wall clock: for what may hang and is helped on.
    bool sees_line(std::string_view guest, const std::string& pattern, std::chrono::seconds patience);
    /// Waits for a condition that has nothing to do with the console, of which nothing is read meanwhile.
    void wait_until(const std::function<bool()>& condition) const;
    /// Bytes of the console that wait to be read; the pipe takes 64 KiB, and then the machine's UART is busy.
    std::size_t unread() const;
    /// Everything that was written so far.
    const std::string& transcript() const { return console_.transcript(); }

    void type(std::string_view text);
    /// Ctrl-] and the key.
    void type_key(char key);

    /// Waits for QEMU's end.
    int exit_code();
    /// The same without reading what comes: the machine's UART may be busy for ever.
    int exit_code_unread();

 private:
    Match expect(std::string_view guest, const std::string& pattern, Console::Want want);
    int code_of(int status);
    /// False at the end of QEMU's output.
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

/// Returns whether the harts of the board that QEMU described with that CPU (build/boards) have an extension: what a
/// guest can have of one CPU differs between releases of QEMU.
bool declares(const std::string& cpu, const std::string& extension);

/// Escape of the hypervisor's console.
inline constexpr char escape = '\x1d';

}  // namespace mullion::target
