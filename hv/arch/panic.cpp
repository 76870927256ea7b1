// SPDX-License-Identifier: Apache-2.0
#include "arch/panic.hpp"

#include <array>
#include <atomic>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/register_names.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "core/terminal_sequences.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"

/// The last words, for a debugger where no console is at hand: `x/s &mullion_epitaph`.
extern "C" {
constinit std::array<char, 4096> mullion_epitaph{};
}

namespace mullion::arch {
namespace {

std::size_t epitaph_size = 0;
std::atomic<std::uint32_t> dying = 0;

/// Lets one hart speak. What the others were doing no longer matters, so they wait for the machine's end.
void silence_others() {
    if (dying.exchange(1) != 0) {
        await_nothing<Wait::nothing>(wait_for_interrupt);
    }
    uart::print_now(sequences::interrupted);
}

/// Adds a character to the last words, whose last byte stays 0.
void bury(char c) {
    if (epitaph_size + 1 < mullion_epitaph.size()) {
        mullion_epitaph[epitaph_size++] = c;
    }
}

void say(std::string_view line) {
    uart::print_now("\r\nmullion| ");
    uart::print_now(line);
    for (const char c : line) {
        bury(c);
    }
    bury('\n');
}

[[noreturn]] void end() {
    uart::print_now("\r\n");
    uart::print_now(sequences::wrap_on);
    firmware::shutdown(true);
}

}  // namespace

void panic(std::string_view why) {
    silence_others();
    Text line;
    line << "PANIC on hart " << static_cast<std::uint64_t>(description.board.harts[this_hart().index].id) << ": "
         << why;
    say(line.view());
    end();
}

void refuse_machine(std::string_view why) {
    silence_others();
    say(why);
    say("stopped: this machine is not the one that the image was built for");
    end();
}

void own_trap_panic(const HartContext& context) {
    silence_others();
    Text line;
    line << "PANIC on hart " << static_cast<std::uint64_t>(description.board.harts[context.index].id)
         << ": trap in the hypervisor";
    say(line.view());
    Text trap;
    trap << "scause ";
    trap.hex(read<Csr::scause>()) << "  sepc ";
    trap.hex(read<Csr::sepc>()) << "  stval ";
    trap.hex(read<Csr::stval>());
    say(trap.view());
    constexpr unsigned columns = 4;
    for (unsigned first = 0; first < context.gpr.size(); first += columns) {
        Text row;
        for (unsigned i = first; i < first + columns; ++i) {
            row.pad_to((i - first) * 26) << register_names[i];
            row.pad_to((i - first) * 26 + 5).hex(i == 0 ? 0 : context.gpr[i]);
        }
        say(row.view());
    }
    end();
}

}  // namespace mullion::arch

// Failures of -D_GLIBCXX_ASSERTIONS and of the compiler's own checks end here.
namespace std {
[[noreturn]] void __glibcxx_assert_fail(const char* file, int line, const char*, const char* condition) noexcept {
    mullion::Text text;
    text << "assertion failed: " << (condition != nullptr ? condition : "?") << " at " << (file != nullptr ? file : "?")
         << ":" << static_cast<unsigned>(line);
    mullion::arch::panic(text.view());
}
}  // namespace std

extern "C" [[noreturn]] void abort() {
    mullion::arch::panic("abort: a bounds check or an unreachable place");
}
