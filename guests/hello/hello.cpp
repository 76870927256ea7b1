// SPDX-License-Identifier: Apache-2.0
// Serves as a template for guests: greets, answers what is typed, prints a sign of life now and then, and ends on `q`.
// It needs nothing but the SBI (RISC-V SBI specification 2.0): the debug console, the timer and system reset.
#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

enum Extension : std::uint64_t { timer = 0x54494D45, system_reset = 0x53525354, debug_console = 0x4442434E };

struct SbiResult {
    std::int64_t error;
    std::uint64_t value;
};

SbiResult sbi(Extension extension, std::uint64_t function, std::uint64_t arg0 = 0, std::uint64_t arg1 = 0,
              std::uint64_t arg2 = 0) {
    register std::uint64_t a0 asm("a0") = arg0;
    register std::uint64_t a1 asm("a1") = arg1;
    register std::uint64_t a2 asm("a2") = arg2;
    register std::uint64_t a6 asm("a6") = function;
    register std::uint64_t a7 asm("a7") = extension;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return {static_cast<std::int64_t>(a0), a1};
}

void print(std::string_view text) {
    sbi(debug_console, 0, text.size(), reinterpret_cast<std::uint64_t>(text.data()));
}

/// Returns what was typed, empty if nothing was.
std::string_view typed() {
    static char buffer[16];
    const auto read = sbi(debug_console, 1, sizeof buffer, reinterpret_cast<std::uint64_t>(buffer));
    return {buffer, read.error == 0 ? read.value : 0};
}

/// Sleeps until `ticks` of the time base have passed. Interrupts stay off (sstatus.SIE); one that is pending and
/// enabled in sie still ends WFI.
void sleep(std::uint64_t ticks) {
    std::uint64_t now = 0;
    asm volatile("rdtime %0" : "=r"(now));
    sbi(timer, 0, now + ticks);
    asm volatile("csrs sie, %0; wfi" ::"r"(1 << 5) : "memory");
}

}  // namespace

extern "C" void hello_main(std::uint64_t hart) {
    print("hello from hart ");
    const char id = static_cast<char>('0' + hart % 10);
    print({&id, 1});
    print(", type something (q ends)\n");
    for (int tick = 1;; ++tick) {
        sleep(1'000'000);  // a tenth of a second at 10 MHz
        if (const auto text = typed(); !text.empty()) {
            print("hello heard: ");
            print(text);
            print("\n");
            if (std::ranges::find(text, 'q') != text.end()) {
                print("hello says goodbye\n");
                sbi(system_reset, 0, 0, 0);
            }
        }
        if (tick % 100 == 0) {
            print("hello is alive\n");
        }
    }
}
