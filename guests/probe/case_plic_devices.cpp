// SPDX-License-Identifier: Apache-2.0
// The PLIC between several harts and with a granted device behind it, and what a guest must not find in it.
#include <array>
#include <atomic>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/plic_lines.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

using namespace plic;

std::uint32_t source() {
    return machine().rtc.source;
}

void expect_alarm(std::string_view what) {
    expect(what, wait_until(notified));
    expect_equal("its claim", source(), take());
}
void expect_silence(std::string_view what) {
    expect(what, !wait_until(notified, 20'000));
}

// --- the goldfish RTC ----------------------------------------------------------------------------------------------

void alarm_arrives() {
    expect("the RTC is granted", machine().rtc.size != 0);
    prepare();
    route(source());
    rtc::enable(true);
    for (int i = 0; i < 10; ++i) {
        rtc::set_alarm(1'000'000);
        expect_alarm("the alarm");
        expect_silence("nothing more before the completion");
        rtc::clear();
        complete(source());
    }
    expect_silence("nothing after it is cleared and completed");
    unroute(source());
    raise_rtc();
    expect_silence("nothing while no hart enables it");
    lower_rtc();
}

void alarm_arrives_at_each_hart() {
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        run_on(other_hart(n), [](std::uint64_t) { alarm_arrives(); });
    }
}

/// The alarm moves between harts by enable bits alone.
void alarm_follows_the_enable_bit() {
    prepare();
    for (int i = 0; i < 10; ++i) {
        route(source());
        raise_rtc();
        expect_alarm("an alarm here");
        lower_rtc();
        complete(source());
        run_on(other_hart(0), [](std::uint64_t) {
            route(source());
            set_csr<sie>(1 << external_interrupt);
            raise_rtc();
            expect_alarm("an alarm there");
            lower_rtc();
            complete(source());
        });
    }
    unroute(source());
}

/// What is pending goes to whoever enables it next.
void pending_alarm_moves() {
    prepare();
    route(source());
    raise_rtc();
    expect("the alarm", wait_until(notified));
    set_enabled(own_context(), source(), false);
    expect("no more when disabled", wait_until([] { return !notified(); }));
    run_on(other_hart(0), [](std::uint64_t) {
        set_csr<sie>(1 << external_interrupt);
        write(threshold_of(own_context()), 0);
        set_enabled(own_context(), source(), true);
        expect_alarm("the same alarm there");
        lower_rtc();
        complete(source());
        expect_silence("nothing is left");
    });
    unroute(source());
}

/// Claims on one hart, moves the source, and completes on the other: the completion counts where the source is enabled.
void claimed_alarm_moves() {
    prepare();
    route(source());
    raise_rtc();
    expect_alarm("the alarm");
    set_enabled(own_context(), source(), false);
    run_on(other_hart(0), [](std::uint64_t) {
        set_csr<sie>(1 << external_interrupt);
        write(threshold_of(own_context()), 0);
        set_enabled(own_context(), source(), true);
        expect_silence("it is claimed");
        lower_rtc();
        complete(source());
        raise_rtc();
        expect_alarm("the next alarm there");
        lower_rtc();
        complete(source());
    });
    unroute(source());
}

/// Sets the priority to 0 while the source is claimed, and to 1 again later.
void masked_alarm_comes_later() {
    prepare();
    route(source());
    for (int i = 0; i < 10; ++i) {
        raise_rtc();
        expect_alarm("the alarm");
        write(priority_of(source()), 0);
        lower_rtc();
        complete(source());
        raise_rtc();
        expect_silence("with priority 0");
        write(priority_of(source()), 1);
        expect_alarm("with priority 1");
        lower_rtc();
        complete(source());
    }
    unroute(source());
}

// --- several contexts ----------------------------------------------------------------------------------------------

std::atomic<std::size_t> ready;
std::atomic<std::size_t> were_notified;
std::atomic<std::size_t> have_claimed;

void enable_uart() {
    write(threshold_of(own_context()), 0);
    set_enabled(own_context(), machine().uart.source, true);
    set_csr<sie>(1 << external_interrupt);
    ++ready;
}

void claim_with_the_others() {
    expect("notified", wait_until(notified));
    clear_csr<sie>(1 << external_interrupt);
    ++were_notified;
    expect("all are notified", wait_until([] { return were_notified == machine().harts; }));
    have_claimed += take() == machine().uart.source ? 1 : 0;
    expect("no longer notified", wait_until([] {
               return !notified() || take() != 0;  // a hart may learn from its claim that there is nothing left
           }));
}

/// "Interrupt Notifications": every target is notified, and one has the claim.
void every_hart_is_notified() {
    prepare();
    ready = were_notified = have_claimed = 0;
    write(priority_of(machine().uart.source), 1);
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        expect_success("start of a hart", start(other_hart(n), [](std::uint64_t) {
                           enable_uart();
                           claim_with_the_others();
                       }));
    }
    enable_uart();
    expect("all harts wait", wait_until([] { return ready == machine().harts; }));
    raise_uart();
    claim_with_the_others();
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        expect("a hart has stopped", wait_stopped(other_hart(n)));
    }
    end_case_if_failed();
    expect_equal("harts that have claimed it", 1, have_claimed);
    lower_uart();
    complete(machine().uart.source);
    unroute(machine().uart.source);
}

/// The registers of a context are any hart's to access.
void contexts_are_apart() {
    prepare();
    const auto uart = machine().uart.source;
    const auto theirs = context_of(other_hart(0).id);
    write(priority_of(uart), 1);
    write(threshold_of(theirs), 0);
    set_enabled(theirs, uart, true);
    expect_equal("the enable bit of this hart", 0, read(enable_word(own_context(), uart)) & bit_of(uart));
    write(threshold_of(theirs), 1);
    expect_equal("the threshold of this hart", 0, read(threshold_of(own_context())));
    write(threshold_of(theirs), 0);
    raise_uart();
    expect("pending", wait_until([=] { return is_pending(uart); }));
    expect_silence("this hart has not enabled it");
    expect_equal("a claim by this hart's context", 0, take());
    expect_equal("a claim by the other's context", uart, read(claim_of(theirs)));
    lower_uart();
    write(claim_of(theirs), uart);
    unroute(uart);
}

// --- what is not there ---------------------------------------------------------------------------------------------

void expect_unimplemented(std::uint32_t number) {
    write(priority_of(number), ~0U);
    expect_equal("priority", 0, read(priority_of(number)));
    expect("not pending", !is_pending(number));
    const auto word = enable_word(own_context(), number);
    set_enabled(own_context(), number, true);
    expect_equal("enable bit", 0, read(word) & bit_of(number));
}

void sources_of_others_read_zero() {
    for (std::uint32_t number = 1; number < 1024; ++number) {
        if (!machine().has_source(number)) {
            expect_unimplemented(number);
        }
    }
}

void expect_no_context(std::uint32_t context) {
    write(enable_word(context, machine().uart.source), ~0U);
    expect_equal("enable bits", 0, read(enable_word(context, machine().uart.source)));
    write(threshold_of(context), 1);
    expect_equal("threshold", 0, read(threshold_of(context)));
    write(claim_of(context), machine().uart.source);
    expect_equal("claim", 0, read(claim_of(context)));
}

/// Contexts are numbered as the tree says, and as many kernels expect.
void supervisors_have_odd_contexts() {
    for (std::uint32_t hart = 0; hart < machine().harts; ++hart) {
        expect_equal("the context of a hart", 2 * hart + 1, context_of(hart));
    }
}

void machine_modes_have_no_context() {
    prepare();
    route(machine().uart.source);
    raise_uart();
    expect("the UART", wait_until(notified));
    for (std::uint32_t hart = 0; hart < machine().harts; ++hart) {
        expect_no_context(2 * hart);
    }
    expect("still", notified());
    expect_equal("its claim", machine().uart.source, take());
    lower_uart();
    complete(machine().uart.source);
    unroute(machine().uart.source);
}

/// Registers up to the end of the region read 0; after it is nothing.
void contexts_beyond_the_last_read_zero() {
    const auto size = machine().plic.size;
    const auto contexts = static_cast<std::uint32_t>((size - threshold) / 0x1000);
    for (auto context = static_cast<std::uint32_t>(2 * machine().harts); context < contexts; ++context) {
        expect_no_context(context);
    }
    for (const std::uint64_t reserved : {0x1080U, 0x1ffcU, 0x1f'fffcU, 0x20'0008U, 0x20'0ffcU}) {
        write(reserved, ~0U);
        expect_equal("a reserved word", 0, read(reserved));
    }
    const auto behind = machine().plic.base + size;
    expect_trap("a load behind the region", load_access_fault, behind, try_load<std::uint32_t>(behind).trap);
    expect_trap("a store behind the region", store_access_fault, behind, try_store<std::uint32_t>(behind, 1));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"plic.rtc", alarm_arrives, When::always, Needs::plic},
    Case{"plic.rtc-each-hart", alarm_arrives_at_each_hart, When::always, Needs::plic},
    Case{"plic.moved", alarm_follows_the_enable_bit, When::always, Needs::plic},
    Case{"plic.moved-pending", pending_alarm_moves, When::on_mullion, Needs::plic},
    Case{"plic.moved-claimed", claimed_alarm_moves, When::always, Needs::plic},
    Case{"plic.masked", masked_alarm_comes_later, When::always, Needs::plic},
    Case{"plic.every-hart", every_hart_is_notified, When::always, Needs::plic},
    Case{"plic.contexts", contexts_are_apart, When::always, Needs::plic},
    Case{"plic.numbers", supervisors_have_odd_contexts, When::always, Needs::plic},
    Case{"plic.machine-modes", machine_modes_have_no_context, When::on_mullion, Needs::plic},
    Case{"plic.others", sources_of_others_read_zero, When::on_mullion, Needs::plic},
    Case{"plic.beyond", contexts_beyond_the_last_read_zero, When::on_mullion, Needs::plic},
};

}  // namespace

}  // namespace probe
