// SPDX-License-Identifier: Apache-2.0
// SBI chapter 6, "Timer Extension", Sstc, and WFI.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

constexpr std::uint64_t never = ~std::uint64_t{0};

/// sbi_set_timer always succeeds.
void set_timer(std::uint64_t at) {
    expect_success("sbi_set_timer", sbi::call(sbi::time, 0, {at}));
}

bool timer_pending() {
    return (read_csr<sip>() >> timer_interrupt & 1) != 0;
}

void past_time_fires_at_once() {
    for (int i = 0; i < 100; ++i) {
        set_timer(now() - 1);
        expect("the timer interrupt is pending", timer_pending());
        set_timer(0);
        expect("the timer interrupt is pending for time 0", timer_pending());
        set_timer(never);
        expect("a time that never comes clears it", !timer_pending());
    }
}

void future_time_fires_when_it_comes() {
    const auto at = now() + 20'000;
    sbi::set_timer(at);
    set_csr<sie>(1 << timer_interrupt);
    while (!timer_pending()) {
        expect("not late", now() < at + patience);
        asm volatile("wfi" ::: "memory");
    }
    expect("not early", now() >= at);
}

void interrupt_is_taken() {
    auto& taken = this_hart().interrupts[timer_interrupt];
    const auto before = taken;
    sbi::set_timer(now() + 10'000);
    set_csr<sie>(1 << timer_interrupt);
    set_csr<sstatus>(2);
    const auto deadline = now() + patience;
    while (const_cast<volatile std::uint32_t&>(taken) == before && now() < deadline) {
    }
    clear_csr<sstatus>(2);
    expect_equal("timer interrupts taken", 1, taken - before);
}

/// "regardless of whether timer interrupts are masked or not"
void time_in_the_future_clears_the_pending_interrupt() {
    const auto deadline = now() + patience;
    for (const bool masked : {true, false}) {
        masked ? clear_csr<sie>(1 << timer_interrupt) : set_csr<sie>(1 << timer_interrupt);
        for (const auto future : {never, deadline}) {
            set_timer(0);
            expect("the timer interrupt is pending", timer_pending());
            set_timer(future);
            expect("a time in the future clears it", !timer_pending());
        }
    }
}

/// A hart may clear sie.STIE instead of setting a time that never comes.
void masked_interrupt_is_not_taken() {
    const auto before = this_hart().interrupts[timer_interrupt];
    clear_csr<sie>(1 << timer_interrupt);
    set_csr<sstatus>(2);
    set_timer(0);
    expect("the timer interrupt is pending", timer_pending());
    clear_csr<sstatus>(2);
    expect_equal("timer interrupts taken", before, this_hart().interrupts[timer_interrupt]);
}

/// A hart with Sstc may use stimecmp instead of the SBI.
void stimecmp_fires() {
    write_csr<stimecmp>(now());
    expect("stimecmp in the past is pending", timer_pending());
    write_csr<stimecmp>(never);
    expect("stimecmp in the future is not", !timer_pending());
}

void time_does_not_go_back_between_harts() {
    static std::atomic<std::uint64_t> seen;
    for (int i = 0; i < 20; ++i) {
        seen = now();
        run_on(other_hart(0), [](std::uint64_t) {
            expect("time of another hart is not behind", now() >= seen);
            seen = now();
        });
        expect("time of this hart is not behind", now() >= seen);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"time.past", past_time_fires_at_once},
    Case{"time.future", future_time_fires_when_it_comes},
    Case{"time.interrupt", interrupt_is_taken},
    Case{"time.future-clears", time_in_the_future_clears_the_pending_interrupt},
    Case{"time.masked", masked_interrupt_is_not_taken},
    Case{"time.stimecmp", stimecmp_fires, When::always, Needs::sstc},
    Case{"time.monotonic", time_does_not_go_back_between_harts},
};

}  // namespace

}  // namespace probe
