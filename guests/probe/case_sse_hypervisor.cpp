// SPDX-License-Identifier: Apache-2.0
// SBI chapter 17, "Supervisor Software Events Extension": events that the hypervisor injects, for a counter's overflow
// and for its operator.
#include <array>
#include <atomic>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/pmu.hpp"
#include "probe/sse.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

using namespace sse;

constexpr std::uint64_t interrupts_on = 1 << 1;  ///< sstatus.SIE
constexpr std::uint64_t overflow_bit = 1 << 13;

/// Returns whether the hart's counters overflow; if not, expects that it has no such event.
bool can_overflow() {
    if (machine().has_extension("sscofpmf")) {
        return true;
    }
    expect_error("the event of a hart without Sscofpmf", sbi::not_supported, sse::call(enable, overflow));
    return false;
}

std::uint64_t take_instructions() {
    pmu::begin();
    return pmu::take(pmu::hardware(), pmu::instructions);
}

/// Lets the counter overflow, and waits until `seen()`. Requires: the interrupt is enabled in sie.
template <class Seen>
void overflow_once(std::uint64_t counter, Seen seen) {
    constexpr std::uint64_t distance = 100'000;
    this_hart().interrupts[13] = 0;
    clear_csr<sip>(overflow_bit);
    set_csr<sie>(overflow_bit);
    expect_success("start", pmu::start(pmu::bit(counter), pmu::set_init_value, ~distance));
    const auto deadline = now() + patience;
    do {
        pmu::work();
    } while (!seen() && now() < deadline);
    expect_success("stop", pmu::stop(pmu::bit(counter)));
}

/// Expects, with interrupts off and on, that the event comes and the interrupt does not.
void overflows_are_events() {
    if (!can_overflow()) {
        return;
    }
    const auto counter = take_instructions();
    auto& event = enable_event(overflow);
    must(unmask);
    for (std::uint32_t runs = 1; runs <= 4; ++runs) {
        runs % 2 != 0 ? clear_csr<sstatus>(interrupts_on) : set_csr<sstatus>(interrupts_on);
        overflow_once(counter, [&] { return event.runs == runs; });
        clear_csr<sstatus>(interrupts_on);
        expect_equal("runs", runs, event.runs);
        expect_equal("overflow interrupts", 0, this_hart().interrupts[13]);
        expect_equal("sip.LCOFIP", 0, read_csr<sip>() & overflow_bit);
    }
    expect_equal("a6 in the handler", this_hart().id, event.x[16]);
    expect_state(overflow, enabled);
    must(mask);
    forget(overflow);
}

void overflows_wait_while_events_are_masked() {
    if (!can_overflow()) {
        return;
    }
    const auto counter = take_instructions();
    auto& event = enable_event(overflow);
    overflow_once(counter, [] { return (read(overflow, status) & 4) != 0; });
    expect_state(overflow, enabled, true);
    expect_equal("runs while masked", 0, event.runs);
    must(unmask);
    expect_equal("runs after unmask", 1, event.runs);
    must(mask);
    forget(overflow);
}

/// Overflows are interrupts before the event is enabled and after it is disabled, whatever sie was meanwhile.
void overflows_are_interrupts_without_the_event() {
    if (!can_overflow()) {
        return;
    }
    const auto counter = take_instructions();
    for (int round = 0; round < 2; ++round) {
        set_csr<sstatus>(interrupts_on);
        overflow_once(counter, [] { return this_hart().interrupts[13] != 0; });
        clear_csr<sstatus>(interrupts_on);
        expect_equal("overflow interrupts", 1, this_hart().interrupts[13]);
        clear_csr<sip>(overflow_bit);
        set_csr<sie>(overflow_bit);
        enable_event(overflow);
        forget(overflow);
        expect_equal("sie.LCOFIE", overflow_bit, read_csr<sie>() & overflow_bit);
    }
}

/// Has software inject the event, on another hart, too, as it can every local event.
void overflow_events_are_injected() {
    if (!can_overflow()) {
        return;
    }
    auto& event = enable_event(overflow);
    must(unmask);
    inject_here(overflow);
    expect_equal("runs", 1, event.runs);
    must(mask);
    forget(overflow);
    run_on(
        other_hart(0),
        [](std::uint64_t boot) {
            enable_event(overflow);
            must(unmask);
            must(inject, overflow, boot);
            expect_equal("runs here", 0, event_of(overflow).runs);
        },
        this_hart().id);
    expect_state(overflow, unused, true);
    enable_event(overflow);
    must(unmask);
    must(mask);
    forget(overflow);
}

// --- by the operator -----------------------------------------------------------------------------------------------

std::atomic<bool> is_ready;

/// A hart that is stuck, with interrupts off, is made to look.
void operator_interrupts() {
    is_ready = false;
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) {
                       enable_event(local);
                       must(unmask);
                       is_ready = true;
                       while (local_event.runs == 0) {
                       }
                   }));
    expect("it is ready", wait_until([] { return is_ready.load(); }));
    print("probe: ", case_name(), " waits");
    while (local_event.runs == 0) {
        sleep(machine().ticks_per_second / 100);
    }
    expect_equal("on hart", other_hart(0).id, local_event.x[16]);
    expect("it has stopped", wait_stopped(other_hart(0)));
}

/// Asked to end, the guest does.
void operator_asks() {
    enable_event(global, [](SseEvent&) { sbi::call(sbi::srst, 0, {0, 0}); });
    must(unmask);
    print("probe: ", case_name(), " waits");
    while (true) {
        sleep(machine().ticks_per_second);
    }
}

/// Asked to end, the guest does not.
void operator_is_ignored() {
    auto& event = enable_event(global);
    must(unmask);
    print("probe: ", case_name(), " waits");
    std::uint32_t told = 0;
    while (true) {
        sleep(machine().ticks_per_second / 10);
        if (event.runs != told) {
            told = event.runs;
            print("probe: was asked");
        }
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"sse.overflow", overflows_are_events, When::on_mullion},
    Case{"sse.overflow-masked", overflows_wait_while_events_are_masked, When::on_mullion},
    Case{"sse.overflow-interrupt", overflows_are_interrupts_without_the_event, When::on_mullion},
    Case{"sse.overflow-injected", overflow_events_are_injected, When::on_mullion},
    Case{"sse.operator", operator_interrupts, When::by_name},
    Case{"sse.asked", operator_asks, When::by_name},
    Case{"sse.ignores", operator_is_ignored, When::by_name},
};

}  // namespace

}  // namespace probe
