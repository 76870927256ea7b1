// SPDX-License-Identifier: Apache-2.0
// Checks what a guest can do while nobody takes output: the harness does not read, so the machine's UART is stuck for
// good. How the guest ends shows the result.
#include <array>
#include <atomic>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/trap.hpp"

extern "C" void stop_at_once();

namespace probe {
namespace {

/// Writes whole lines, as many bytes as there is room for; returns how many.
std::uint64_t write_some() {
    static const auto text = [] {
        std::array<char, 4096> lines;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            lines[i] = i % 64 == 63 ? '\n' : '.';
        }
        return lines;
    }();
    return sbi::call(sbi::dbcn, sbi::console_write, {text.size(), reinterpret_cast<std::uint64_t>(text.data())}).value;
}

/// Writes until there was no room for half a second.
void jam() {
    auto last = now();
    while (now() - last < machine().ticks_per_second / 2) {
        if (write_some() != 0) {
            last = now();
        }
    }
}

[[noreturn]] void power_off() {
    sbi::call(sbi::srst, 0, {0, 0});
    while (true) {
    }
}

/// Ends the guest, on another hart, when the boot hart, which waits in its call, has taken timer interrupts and fences.
void end_when_the_boot_hart_goes_on(std::uint64_t) {
    auto& waiting = boot_hart();
    const auto ticks = [&waiting] {
        return reinterpret_cast<const std::atomic<std::uint32_t>&>(waiting.interrupts[timer_interrupt]).load();
    };
    const auto before = ticks();
    while (ticks() < before + 5) {
        sbi::call(sbi::rfence, 0, {std::uint64_t{1} << waiting.id, 0});
    }
    power_off();
}

void write_bytes_while_stuck(std::uint64_t extension, std::uint64_t function) {
    print("probe: ", case_name(), " jams");
    jam();
    auto& self = this_hart();
    self.timer_again = machine().ticks_per_second / 100;
    sbi::set_timer(now() + self.timer_again);
    set_csr<sie>(1 << timer_interrupt);
    set_csr<sstatus>(2);
    if (start(other_hart(0), end_when_the_boot_hart_goes_on).error != sbi::success) {
        return;
    }
    while (true) {
        sbi::call(extension, function, {'x'});
    }
}

/// The guest's watchdog is not kicked, and all interrupts are off.
void write_bytes_beside_a_watchdog() {
    print("probe: ", case_name(), " jams");
    jam();
    clear_csr<sstatus>(2);
    write_csr<sie>(0);
    watchdog::write(watchdog::mode, 1);
    while (true) {
        sbi::call(sbi::dbcn, sbi::console_write_byte, {'x'});
    }
}

// --- room again, while the guest's first hart comes and goes ---

constexpr std::uint32_t rounds = 10;

/// The guest's first hart.
std::uint64_t coming_and_going;

/// Fills the guest's console, gives the 16550 a byte that must wait, and waits for its transmitter.
void wait_for_the_transmitter(std::uint64_t) {
    for (std::uint32_t round = 1; round <= rounds; ++round) {
        do {
            while (write_some() != 0) {
            }
            uart::write(uart::data, '\n');
        } while (uart::is_transmitter_empty());
        const auto begun = now();
        while (!uart::is_transmitter_empty()) {
            sbi::hart_start(coming_and_going, reinterpret_cast<std::uint64_t>(&stop_at_once), 0);
            if (now() - begun > patience / 2) {
                expect("the transmitter is empty again", false);
            }
        }
    }
    print("probe: ", case_name(), " ok");
}

void transmitter_empties_beside_a_hart_that_stops() {
    coming_and_going = this_hart().id;
    expect_success("start of a hart", start(other_hart(0), wait_for_the_transmitter));
    sbi::hart_stop();
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"console.waits-byte", [] { write_bytes_while_stuck(sbi::dbcn, sbi::console_write_byte); }, When::by_name},
    Case{"console.waits-putchar", [] { write_bytes_while_stuck(sbi::console_putchar, 0); }, When::by_name},
    Case{"console.watchdog", write_bytes_beside_a_watchdog, When::by_name},
    Case{"console.room-again", transmitter_empties_beside_a_hart_that_stops, When::by_name},
};

}  // namespace

}  // namespace probe
