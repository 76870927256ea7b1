// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace mullion::target {
namespace {

using std::chrono::steady_clock;

std::vector<std::string> words_of_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(path.string() + " is missing: build the descriptions first (make test)");
    }
    return {std::istream_iterator<std::string>(file), {}};
}

/// Returns the value of a `KEY = value` line in the platform's configuration.
std::string platform_value(const std::string& platform, const std::string& key) {
    const auto path = std::filesystem::path(MULLION_CONFIGS) / (platform + ".mk");
    std::ifstream file(path);
    const auto start = key + " = ";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(start)) {
            return line.substr(start.size());
        }
    }
    throw std::runtime_error(path.string() + " gives no " + key);
}

std::vector<std::string> command_line(const Options& options) {
    const auto folder = std::filesystem::path(MULLION_BUILD) / options.platform / options.description;
    const char* const program = std::getenv("QEMU");
    std::vector<std::string> words{program != nullptr && *program != '\0' ? program : "qemu-system-riscv64"};
    const auto add = [&](const std::vector<std::string>& more) { words.insert(words.end(), more.begin(), more.end()); };
    add({"-M", platform_value(options.platform, "QEMU_MACHINE")});
    add({"-cpu", options.cpu.empty() ? platform_value(options.platform, "DEFAULT_CPU") : options.cpu});
    add(words_of_file(folder / "qemu.args"));
    add({"-display", "none", "-serial", "stdio", "-monitor", "none", "-kernel", folder / "mullion.bin"});
    if (options.deterministic) {
        add({"-icount", "shift=0,sleep=off", "-seed", "1", "-rtc", "base=2026-01-01T00:00:00,clock=vm"});
    }
    // QEMU's one thread gives each hart in turn an equal share of the time to the machine's next timer. Where that is
    // far away, a hart that polls for another one uses up its whole share (25 ms have been seen), and a third hart,
    // whose timer has run out meanwhile, is late by as much. A timer of QEMU's own, every 0.2 ms, keeps the shares
    // short.
    if (options.short_turns) {
        add({"-netdev", "hubport,hubid=0,id=turns", "-object", "filter-buffer,id=timer,netdev=turns,interval=200"});
    }
    add(options.extra);
    return words;
}

[[noreturn]] void run(const std::vector<std::string>& words, pid_t parent, int input, int output) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127);  // the test died before it could take QEMU along
    }
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    dprintf(STDERR_FILENO, "%s: %s\n", arguments[0], std::strerror(errno));
    _exit(127);
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    }
    return ends;
}

}  // namespace

Machine::Machine(const Options& options)
    : deadline_(steady_clock::now() + options.limit), pause_(options.pause), name_(options.description) {
    signal(SIGPIPE, SIG_IGN);  // QEMU may end while we type
    const auto words = command_line(options);
    const auto input = make_pipe();
    const auto output = make_pipe();
    if (pause_.count() != 0 && fcntl(output[1], F_SETPIPE_SZ, 4096) < 0) {
        throw std::runtime_error(std::string("F_SETPIPE_SZ: ") + std::strerror(errno));
    }
    const auto self = getpid();
    qemu_ = fork();
    if (qemu_ == 0) {
        run(words, self, input[0], output[1]);
    }
    close(input[0]);
    close(output[1]);
    to_qemu_ = input[1];
    from_qemu_ = output[0];
    if (qemu_ < 0) {
        throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    }
}

Machine::~Machine() {
    close(to_qemu_);
    close(from_qemu_);
    if (qemu_ > 0) {
        kill(qemu_, SIGKILL);  // an idle QEMU with sleep=off ignores SIGTERM
        waitpid(qemu_, nullptr, 0);
    }
}

Match Machine::expect_line(std::string_view guest, const std::string& pattern) {
    return expect(guest, pattern, Console::Want::line);
}

bool Machine::sees_line(std::string_view guest, const std::string& pattern, std::chrono::seconds patience) {
    const std::regex expression(pattern);
    const auto until = steady_clock::now() + patience;
    while (!console_.find(guest, expression, Console::Want::line)) {
        if (steady_clock::now() > until) {
            return false;
        }
        if (!read_some()) {
            fail("QEMU ended before '" + pattern + "' from '" + std::string(guest) + "'");
        }
    }
    return true;
}

Match Machine::expect_prompt(std::string_view guest, const std::string& pattern) {
    return expect(guest, pattern, Console::Want::prompt);
}

void Machine::wait_until(const std::function<bool()>& condition) const {
    while (!condition()) {
        if (steady_clock::now() > deadline_) {
            fail("what was waited for did not come in time");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

std::size_t Machine::unread() const {
    int count = 0;
    ioctl(from_qemu_, FIONREAD, &count);
    return static_cast<std::size_t>(count);
}

Match Machine::expect(std::string_view guest, const std::string& pattern, Console::Want want) {
    const std::regex expression(pattern);
    while (true) {
        if (auto match = console_.find(guest, expression, want)) {
            return *match;
        }
        if (!read_some()) {
            fail("QEMU ended before '" + pattern + "' from '" + std::string(guest) + "'");
        }
        if (steady_clock::now() > deadline_) {
            fail("no '" + pattern + "' from '" + std::string(guest) + "' in time");
        }
    }
}

bool Machine::read_some() {
    std::this_thread::sleep_for(pause_);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - steady_clock::now()).count();
    pollfd ready{from_qemu_, POLLIN, 0};
    if (left <= 0 || poll(&ready, 1, static_cast<int>(std::min<long long>(left, 1000))) <= 0) {
        return true;
    }
    std::array<char, 65536> buffer;
    const auto size = read(from_qemu_, buffer.data(), buffer.size());
    if (size > 0) {
        console_.add({buffer.data(), static_cast<std::size_t>(size)});
    }
    return size > 0;
}

void Machine::type(std::string_view text) {
    while (!text.empty()) {
        const auto written = write(to_qemu_, text.data(), text.size());
        if (written <= 0) {
            fail("QEMU takes no input");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void Machine::type_key(char key) {
    type(std::string{escape, key});
}

int Machine::exit_code() {
    while (read_some()) {
        if (steady_clock::now() > deadline_) {
            fail("QEMU did not end in time");
        }
    }
    int status = 0;
    waitpid(qemu_, &status, 0);
    return code_of(status);
}

int Machine::exit_code_unread() {
    int status = 0;
    wait_until([&] { return waitpid(qemu_, &status, WNOHANG) == qemu_; });
    return code_of(status);
}

int Machine::code_of(int status) {
    qemu_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void Machine::fail(const std::string& why) const {
    throw std::runtime_error(name_ + ": " + why + "; the console:\n" + transcript());
}

std::string planted(const std::string& name, const std::string& description, const std::string& platform) {
    return MULLION_BUILD "/" + platform + "/" + description + "/planted/" + name + ".bin";
}

bool declares(const std::string& cpu, const std::string& extension) {
    const auto words = words_of_file(std::filesystem::path(MULLION_BUILD) / "boards/qemu" / cpu / "platform.dtsi");
    return std::ranges::any_of(words,
                               [word = '"' + extension + '"'](const auto& text) { return text.starts_with(word); });
}

}  // namespace mullion::target
