// SPDX-License-Identifier: Apache-2.0
// SBI chapter 13, "System Suspend Extension".
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/external.hpp"
#include "probe/fresh.hpp"
#include "probe/paging.hpp"
#include "probe/trap.hpp"

extern "C" void secondary_start();

namespace probe {
namespace {

constexpr std::uint64_t to_ram = 0;
constexpr std::uint64_t sstatus_sie = 2;

const std::uint64_t resume_address = reinterpret_cast<std::uint64_t>(&secondary_start);

sbi::Result suspend(std::uint64_t type, std::uint64_t address = resume_address, std::uint64_t opaque = 0) {
    return sbi::call(sbi::susp, 0, {type, address, opaque});
}

Context before;

std::uint64_t call_and_fail(std::uint64_t type, std::uint64_t) {
    const auto result = suspend(type, resume_address, reinterpret_cast<std::uint64_t>(&this_hart()));
    report_failure("a suspend does not return: SBI error ", result.error);
    return 0;
}

/// Suspends the guest, and comes back by way of secondary_start, which notes the registers.
void suspend_and_resume(std::uint64_t type = to_ram) {
    auto& self = this_hart();
    const auto abandon = self.abandon;
    self.at_start = {};
    self.job = [](std::uint64_t) { leave_context(&before, 1); };
    const auto resumed = call_with_context(reinterpret_cast<std::uint64_t>(&call_and_fail), &before, type, 0);
    self.abandon = abandon;
    end_case_if_failed();
    expect_equal("resumed", 1, resumed);
    expect_equal("a0 is the hart id", self.id, self.at_start[0]);
    expect_equal("a1 is the opaque value", reinterpret_cast<std::uint64_t>(&self), self.at_start[1]);
    expect_equal("satp", 0, self.at_start[2]);
    expect_equal("sstatus.SIE", 0, self.at_start[3] & sstatus_sie);
    expect_registers_open(self.at_start[3], self.at_start[4]);
}

/// The timer wakes the guest. Translation and interrupts are on before, and must be off after. On a busy host the
/// interrupt may come before the suspend; then it is set again.
void timer_wakes() {
    constexpr std::uint64_t soon = 50'000;
    auto& again = this_hart().timer_again;
    again = soon;
    make_tables();
    paging_on();
    const auto at = now() + soon;
    sbi::set_timer(at);
    set_csr<sie>(1 << timer_interrupt);
    set_csr<sstatus>(sstatus_sie);
    suspend_and_resume();
    again = 0;
    expect("not early", now() >= at);
    expect("the interrupt is still pending", (read_csr<sip>() >> timer_interrupt & 1) != 0);
}

void pending_interrupt_wakes_at_once() {
    set_csr<sie>(1 << software_interrupt);
    set_csr<sip>(1 << software_interrupt);
    for (int i = 0; i < 20; ++i) {
        suspend_and_resume();
    }
    clear_csr<sip>(1 << software_interrupt);
}

/// A disabled interrupt does not wake the guest; the timer that comes later does.
void disabled_interrupt_does_not_wake() {
    set_csr<sip>(1 << software_interrupt);
    timer_wakes();
    clear_csr<sip>(1 << software_interrupt);
}

/// A granted device wakes the guest through the interrupt controllers.
void device_wakes() {
    external::listen(machine().rtc.source);
    rtc::enable(true);
    rtc::set_alarm(3'000'000);
    suspend_and_resume();
    expect_equal("the source that woke it", machine().rtc.source, external::claim());
    rtc::clear();
    rtc::enable(false);
    external::complete(machine().rtc.source);
    external::ignore(machine().rtc.source);
}

void suspend_is_denied_while_another_hart_runs() {
    static std::atomic<bool> leave;
    leave = false;
    expect_success("start of a hart",
                   start(other_hart(1), [](std::uint64_t) { wait_until([] { return leave.load(); }); }));
    expect_error("with a started hart", sbi::denied, suspend(to_ram));
    expect_success("starts are allowed", start(other_hart(0), [](std::uint64_t) {}));
    leave = true;
    expect("it has stopped", wait_stopped(other_hart(0)) && wait_stopped(other_hart(1)));
    pending_interrupt_wakes_at_once();
}

void suspend_is_denied_while_another_hart_is_suspended() {
    auto& other = other_hart(0);
    expect_success("start of a hart", start(other, [](std::uint64_t) {
                       set_csr<sie>(1 << software_interrupt);
                       sbi::call(sbi::hsm, 3, {0});
                   }));
    expect("it is suspended", wait_until([&] { return sbi::hart_is(other.id, sbi::HartState::suspended); }));
    expect_error("with a suspended hart", sbi::denied, suspend(to_ram));
    expect_success("sbi_send_ipi", sbi::send_ipi(std::uint64_t{1} << other.id));
    expect("it has stopped", wait_stopped(other));
}

void harts_start_after_a_suspend() {
    pending_interrupt_wakes_at_once();
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        run_on(other_hart(n), [](std::uint64_t) {});
    }
}

/// Any hart may be the last one.
void other_hart_suspends() {
    static std::atomic<std::uint32_t> done;
    done = 0;
    expect_success("start of a hart",
                   start(
                       other_hart(0),
                       [](std::uint64_t boot) {
                           expect("the boot hart has stopped",
                                  wait_until([=] { return sbi::hart_is(boot, sbi::HartState::stopped); }));
                           auto& self = this_hart();
                           const auto at = now() + 10'000;
                           sbi::set_timer(at);
                           set_csr<sie>(1 << timer_interrupt);
                           self.job = [](std::uint64_t) {
                               sbi::set_timer(~std::uint64_t{0});
                               done = 1;
                               auto& waiting = boot_hart();
                               waiting.job = [](std::uint64_t) { leave_context(&before, 1); };
                               sbi::hart_start(waiting.id, resume_address, reinterpret_cast<std::uint64_t>(&waiting));
                           };
                           suspend(to_ram, resume_address, reinterpret_cast<std::uint64_t>(&self));
                       },
                       this_hart().id));
    const auto abandon = this_hart().abandon;
    call_with_context(reinterpret_cast<std::uint64_t>(&sbi::hart_stop), &before, 0, 0);
    this_hart().abandon = abandon;
    expect_equal("the other hart suspended the guest and resumed", 1, done);
    expect("it has stopped", wait_stopped(other_hart(0)));
}

void other_types_are_refused() {
    for (const std::uint64_t type : {1U, 2U, 0x7FFF'FFFFU, 0x8000'0000U, 0xFFFF'FFFFU}) {
        expect_error("a type", sbi::invalid_param, suspend(type));
    }
}

/// sleep_type is a uint32_t.
void upper_half_of_the_type_means_nothing() {
    set_csr<sie>(1 << software_interrupt);
    set_csr<sip>(1 << software_interrupt);
    suspend_and_resume(std::uint64_t{1} << 32);
    clear_csr<sip>(1 << software_interrupt);
}

void bad_addresses_are_refused() {
    const auto windows = machine().windows();
    for (const auto address :
         {std::uint64_t{0}, windows.back().end(), machine().uart.base, machine().interrupt_controller().base,
          std::uint64_t{1} << 60, ~std::uint64_t{1}, resume_address + 1}) {
        expect_error("a resume address", sbi::invalid_address, suspend(to_ram, address));
    }
}

/// Suspends until the operator does something.
void suspend_for_ever() {
    print("probe: ", case_name(), " suspends the guest");
    suspend_and_resume();
}

/// A typed byte, which waits in the UART, wakes the guest.
void typed_byte_wakes() {
    external::listen(machine().uart.source);
    uart::write(uart::ier, 1);
    print("probe: ", case_name(), " suspends the guest");
    suspend_and_resume();
    expect_equal("the source that woke it", machine().uart.source, external::claim());
    uart::write(uart::ier, 0);
    external::complete(machine().uart.source);
    external::ignore(machine().uart.source);
    expect_equal("what was typed", 'x', static_cast<std::uint64_t>(read_character()));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"susp.timer", timer_wakes, When::on_mullion},
    Case{"susp.pending", pending_interrupt_wakes_at_once, When::on_mullion},
    Case{"susp.disabled", disabled_interrupt_does_not_wake, When::on_mullion},
    Case{"susp.device", device_wakes, When::on_mullion},
    Case{"susp.started", suspend_is_denied_while_another_hart_runs, When::on_mullion},
    Case{"susp.suspended", suspend_is_denied_while_another_hart_is_suspended, When::on_mullion},
    Case{"susp.start-after", harts_start_after_a_suspend, When::on_mullion},
    Case{"susp.other-hart", other_hart_suspends, When::on_mullion},
    Case{"susp.bad-type", other_types_are_refused, When::on_mullion},
    Case{"susp.upper-half", upper_half_of_the_type_means_nothing, When::on_mullion},
    Case{"susp.bad-address", bad_addresses_are_refused, When::on_mullion},
    Case{"susp.for-ever", suspend_for_ever, When::by_name},
    Case{"susp.typed", typed_byte_wakes, When::by_name},
};

}  // namespace

}  // namespace probe
