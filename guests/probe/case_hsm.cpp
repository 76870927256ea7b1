// SPDX-License-Identifier: Apache-2.0
// SBI chapter 9, "Hart State Management Extension".
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/external.hpp"
#include "probe/fresh.hpp"
#include "probe/paging.hpp"

extern "C" void secondary_start();

namespace probe {
namespace {

using sbi::HartState;

constexpr std::uint64_t retentive = 0;
constexpr std::uint64_t non_retentive = 0x8000'0000;

const std::uint64_t start_address = reinterpret_cast<std::uint64_t>(&secondary_start);

sbi::Result suspend(std::uint64_t type, std::uint64_t address = 0, std::uint64_t opaque = 0) {
    return sbi::call(sbi::hsm, 3, {type, address, opaque});
}

bool wait_state(const Hart& target, HartState state) {
    return wait_until([&] { return sbi::hart_is(target.id, state); });
}

void states_are_told() {
    expect("this hart is started", sbi::hart_is(this_hart().id, HartState::started));
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        expect("the others are stopped", sbi::hart_is(other_hart(n).id, HartState::stopped));
    }
}

void harts_that_do_not_exist_are_refused() {
    for (const std::uint64_t id : {std::uint64_t{machine().harts}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
        expect_error("sbi_hart_get_status", sbi::invalid_param, sbi::hart_status(id));
        expect_error("sbi_hart_start", sbi::invalid_param, sbi::hart_start(id, start_address, 0));
    }
}

/// Tables "HSM Hart Start Register State" and "HSM Hart Resume Register State".
void expect_start_registers(const Hart& hart) {
    expect_equal("a0", hart.id, hart.at_start[0]);
    expect_equal("a1", reinterpret_cast<std::uint64_t>(&hart), hart.at_start[1]);
    expect_equal("satp", 0, hart.at_start[2]);
    expect_equal("sstatus.SIE", 0, hart.at_start[3] & 2);
    expect_registers_open(hart.at_start[3], hart.at_start[4]);
}

/// Turns translation and interrupts on, and changes registers and their status.
void leave_traces() {
    paging_on();
    fill_floats();
    fill_vectors();
    write_csr<scounteren>(0);
    set_csr<sstatus>(2);
}

/// The second start comes after a stop with translation on.
void started_hart_finds_its_registers() {
    make_tables();
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        auto& other = other_hart(n);
        run_on(other, [](std::uint64_t) { leave_traces(); });
        expect_start_registers(other);
        run_on(other, [](std::uint64_t) {});
        expect_start_registers(other);
    }
}

void started_hart_cannot_be_started() {
    expect_error("start of this hart", sbi::already_available, sbi::hart_start(this_hart().id, start_address, 0));
    static std::atomic<bool> leave;
    leave = false;
    auto& other = other_hart(0);
    expect_success("start of a hart", start(other, [](std::uint64_t) { wait_until([] { return leave.load(); }); }));
    expect("it is started", wait_state(other, HartState::started));
    expect_error("start of it again", sbi::already_available, start(other, [](std::uint64_t) {}));
    leave = true;
    expect("it has stopped", wait_stopped(other));
}

void bad_start_addresses_are_refused() {
    const auto windows = machine().windows();
    const auto refused = [](std::string_view what, std::uint64_t address) {
        expect_error(what, sbi::invalid_address, sbi::hart_start(other_hart(0).id, address, 0));
    };
    refused("address 0", 0);
    refused("the first byte after memory", windows.back().end());
    refused("the UART", machine().uart.base);
    refused("the interrupt controller", machine().interrupt_controller().base);
    refused("beyond every physical address", std::uint64_t{1} << 60);
    refused("the last even address", ~std::uint64_t{1});
    refused("an odd address", start_address + 1);
    expect("the hart is still stopped", sbi::hart_is(other_hart(0).id, HartState::stopped));
}

void harts_restart_many_times() {
    static std::atomic<std::uint32_t> runs;
    runs = 0;
    for (std::uint32_t i = 1; i <= 200; ++i) {
        run_on(other_hart(0), [](std::uint64_t) { ++runs; });
        expect_equal("runs", i, runs);
    }
}

// --- suspend -------------------------------------------------------------------------------------------------------

std::atomic<std::uint32_t> resumed;

bool software_pending() {
    return (read_csr<sip>() >> software_interrupt & 1) != 0;
}

/// Suspends until the condition holds. Like WFI, a call may end early: "an interrupt or platform specific hardware
/// event" wakes a hart (9.4). The guest must not spin, though: early ends have outside reasons, and are few.
void suspend_until(auto condition) {
    constexpr int too_often = 100;
    for (int ends = 0;; ++ends) {
        expect("the hart waits", ends != too_often);
        // The resume address is not looked at.
        expect_success("sbi_hart_suspend", suspend(retentive, ~std::uint64_t{0}));
        if (condition()) {
            return;
        }
    }
}

/// CSRs are preserved.
void suspend_retentively(std::uint64_t) {
    clear_csr<sip>(1 << software_interrupt);
    set_csr<sie>(1 << software_interrupt);
    write_csr<stval>(0x1234);
    const auto status = read_csr<sstatus>();
    paging_on();
    const auto translation = read_csr<satp>();
    suspend_until(software_pending);
    expect_equal("satp", translation, read_csr<satp>());
    expect_equal("sstatus", status, read_csr<sstatus>());
    expect_equal("stval", 0x1234, read_csr<stval>());
    ++resumed;
}

/// Resumes on `job`, and on the same after the next one.
void suspend_and_go_on_with(void (*job)(std::uint64_t)) {
    auto& self = this_hart();
    self.job = job;
    self.argument = 0x77;
    leave_traces();
    suspend(non_retentive, start_address, reinterpret_cast<std::uint64_t>(&self));
    expect("a non-retentive suspend does not return", false);
}

void after_non_retentive_suspend(std::uint64_t argument) {
    expect_equal("the argument", 0x77, argument);
    expect_start_registers(this_hart());
    expect("f0-f31 and v0-v31 are zero", on_bare_machine() || (floats_are_zero() && vectors_are_zero()));
    if (!software_pending()) {
        set_csr<sie>(1 << software_interrupt);
        suspend_and_go_on_with(after_non_retentive_suspend);
    }
    ++resumed;
}

void suspend_non_retentively(std::uint64_t) {
    clear_csr<sip>(1 << software_interrupt);
    set_csr<sie>(1 << software_interrupt);
    suspend_and_go_on_with(after_non_retentive_suspend);
}

void suspended_hart_is_resumed(void (*job)(std::uint64_t)) {
    make_tables();
    auto& other = other_hart(0);
    for (std::uint32_t i = 1; i <= 50; ++i) {
        resumed = i - 1;
        expect_success("start of a hart", start(other, job));
        expect("it is suspended", wait_state(other, HartState::suspended));
        expect("a suspended hart cannot be started", sbi::hart_start(other.id, start_address, 0).error != sbi::success);
        expect_success("sbi_send_ipi", sbi::send_ipi(std::uint64_t{1} << other.id));
        expect("it has stopped", wait_stopped(other));
        end_case_if_failed();
        expect_equal("resumed", i, resumed);
    }
}

constexpr std::uint32_t identity = 21;

/// Suspends until a device interrupts, by whichever interrupt controller.
void suspend_until_a_device_interrupts(std::uint64_t) {
    external::listen(machine().rtc.source);
    std::uint32_t source = 0;
    suspend_until([&] { return (source = external::claim()) != 0; });
    expect_equal("the source that woke it", machine().rtc.source, source);
    rtc::clear();
    external::complete(machine().rtc.source);
    ++resumed;
}

void device_resumes() {
    auto& other = other_hart(0);
    resumed = 0;
    rtc::enable(true);
    expect_success("start of a hart", start(other, suspend_until_a_device_interrupts));
    expect("it is suspended", wait_state(other, HartState::suspended));
    rtc::set_alarm(0);
    expect("it has stopped", wait_stopped(other));
    rtc::enable(false);
    external::ignore(machine().rtc.source);
    end_case_if_failed();
    expect_equal("resumed", 1, resumed);
}

void suspend_until_a_message(std::uint64_t) {
    imsic::clear();
    imsic::enable(identity);
    set_csr<sie>(1 << external_interrupt);
    std::uint64_t claimed = 0;
    suspend_until([&] { return (claimed = imsic::claim()) != 0; });
    expect_equal("the identity that woke it", identity, claimed);
    ++resumed;
}

void message_resumes() {
    auto& other = other_hart(0);
    resumed = 0;
    expect_success("start of a hart", start(other, suspend_until_a_message));
    expect("it is suspended", wait_state(other, HartState::suspended));
    imsic::send(other.id, identity);
    expect("it has stopped", wait_stopped(other));
    end_case_if_failed();
    expect_equal("resumed", 1, resumed);
}

void bad_suspend_types_are_refused() {
    for (const std::uint64_t type : {1U, 0x0FFF'FFFFU, 0x8000'0001U, 0x8FFF'FFFFU}) {
        expect_error("a reserved type", sbi::invalid_param, suspend(type, start_address));
    }
    for (const std::uint64_t type : {0x1000'0000U, 0x7FFF'FFFFU, 0x9000'0000U, 0xFFFF'FFFFU}) {
        expect_error("a platform's type that is not implemented", sbi::invalid_param, suspend(type, start_address));
    }
}

void bad_resume_addresses_are_refused() {
    const auto refused = [](std::string_view what, std::uint64_t address) {
        expect_error(what, sbi::invalid_address, suspend(non_retentive, address));
    };
    refused("address 0", 0);
    refused("the first byte after memory", machine().windows().back().end());
    refused("the UART", machine().uart.base);
    refused("an odd address", start_address + 1);
}

/// suspend_type is 32 bits wide: the upper half of the register means nothing.
void suspend_type_has_32_bits() {
    constexpr auto upper = ~std::uint64_t{0} << 32;
    sbi::send_ipi(std::uint64_t{1} << this_hart().id);
    set_csr<sie>(1 << software_interrupt);
    expect_success("the default type", suspend(upper | retentive));
    expect_error("a reserved type", sbi::invalid_param, suspend(upper | 1));
}

// --- races ---------------------------------------------------------------------------------------------------------

constexpr std::uint32_t race_rounds = 200;
std::atomic<std::uint32_t> race_round;
std::atomic<std::uint32_t> race_ready;
std::atomic<std::uint32_t> race_wins;
std::atomic<std::uint32_t> race_runs;

void try_to_start(Hart& prize) {
    const auto result = sbi::hart_start(prize.id, start_address, reinterpret_cast<std::uint64_t>(&prize));
    if (result.error == sbi::success) {
        ++race_wins;
    } else {
        expect_error("the loser of a race", sbi::already_available, result);
    }
}

void race_against_boot_hart(std::uint64_t) {
    for (std::uint32_t round = 1; round <= race_rounds; ++round) {
        while (race_round < round) {
            end_case_if_failed();
        }
        try_to_start(other_hart(1));
        ++race_ready;
    }
}

/// The hart that is started stays until both have tried.
void two_harts_race_to_start_a_third() {
    race_round = race_ready = race_wins = race_runs = 0;
    auto& prize = other_hart(1);
    prize.job = [](std::uint64_t) {
        ++race_runs;
        wait_until([] { return race_ready.load() == 2 * race_round.load(); });
    };
    expect_success("start of a hart", start(other_hart(0), race_against_boot_hart));
    for (std::uint32_t round = 1; round <= race_rounds; ++round) {
        race_round = round;
        try_to_start(prize);
        ++race_ready;
        expect("both have tried", wait_until([&] { return race_ready == 2 * round; }));
        expect("the third has stopped", wait_stopped(prize));
        expect_equal("successful starts", round, race_wins);
        expect_equal("runs", round, race_runs);
    }
    expect("the second has stopped", wait_stopped(other_hart(0)));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"hsm.status", states_are_told},
    Case{"hsm.invalid-hart", harts_that_do_not_exist_are_refused},
    Case{"hsm.start", started_hart_finds_its_registers},
    Case{"hsm.already-available", started_hart_cannot_be_started},
    Case{"hsm.bad-address", bad_start_addresses_are_refused, When::on_mullion},
    Case{"hsm.restart", harts_restart_many_times},
    Case{"hsm.suspend", [] { suspended_hart_is_resumed(suspend_retentively); }},
    Case{"hsm.suspend-non-retentive", [] { suspended_hart_is_resumed(suspend_non_retentively); }},
    Case{"hsm.suspend-device", device_resumes, When::always, Needs::external},
    Case{"hsm.suspend-message", message_resumes, When::always, Needs::imsic},
    Case{"hsm.suspend-invalid", bad_suspend_types_are_refused, When::on_mullion},
    Case{"hsm.suspend-bad-address", bad_resume_addresses_are_refused, When::on_mullion},
    Case{"hsm.suspend-width", suspend_type_has_32_bits},
    Case{"hsm.race", two_harts_race_to_start_a_third},
};

}  // namespace

}  // namespace probe
