// SPDX-License-Identifier: Apache-2.0
#include "siege/victim.hpp"

#include "common/print.hpp"
#include "common/sbi.hpp"
#include "siege/watched.hpp"

/// Keeps a number in each register, except ra, sp, tp and a0, until `time` reaches a0; returns how many have changed.
extern "C" std::uint64_t spin_with_registers(std::uint64_t until);

namespace siege {
namespace {

/// Expects that the timer interrupt is pending when the time has come, and not before.
void expect_timer() {
    const auto due = now() + machine().ticks_per_second / 500;
    sbi::set_timer(due);
    const auto changed = spin_with_registers(due - machine().ticks_per_second / 1000);
    expect("registers that changed", 0, changed);
    const auto early = read_csr<sip>();
    if (now() < due) {
        expect("pending interrupts before the time", 0, early);
    }
    write_csr<sie>(1 << timer_interrupt);
    while (now() < due || (read_csr<sip>() & 1 << timer_interrupt) == 0) {
        asm volatile("wfi");
    }
    write_csr<sie>(0);
    expect("pending interrupts at the time", 1 << timer_interrupt, read_csr<sip>());
    sbi::set_timer(~std::uint64_t{0});
}

/// Expects that the guest's other harts are stopped, whatever an attacker starts.
void expect_siblings_stopped(std::uint64_t self) {
    for (std::uint64_t id = 0; id < machine().harts; ++id) {
        const auto state = id == self ? sbi::HartState::started : sbi::HartState::stopped;
        expect("a hart's state", static_cast<std::uint64_t>(state), sbi::hart_status(id).value);
    }
}

}  // namespace

void watch(std::uint64_t id) {
    fill_memory();
    set_registers();
    set_devices();
    print("victim: watches");
    auto last = now();
    for (std::uint64_t round = 1;; ++round) {
        expect_timer();
        expect_nothing_pending();
        expect_registers();
        expect_memory(round);
        expect_devices();
        expect_siblings_stopped(id);
        if (round % 16 == 0) {
            expect_alarm();
            print("victim: round ", round);
        }
        expect("time that runs backwards", 0, now() < last ? 1 : 0);
        last = now();
    }
}

}  // namespace siege
