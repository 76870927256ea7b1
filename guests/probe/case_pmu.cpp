// SPDX-License-Identifier: Apache-2.0
// SBI chapter 11, "Performance Monitoring Unit Extension": counters. What lies in shared memory is in
// case_pmu_memory.cpp.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/pmu.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

using namespace pmu;

constexpr std::uint64_t overflow_interrupt = 13;
constexpr std::uint32_t csrr_a0_scountovf = 0xda00'2573;
constexpr std::uint32_t csrw_scountovf_a0 = 0xda05'1073;
constexpr std::uint64_t ones = ~std::uint64_t{0};

void every_counter_has_info() {
    begin();
    const auto count = num_counters().value;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto info = get_info(i);
        expect_success("counter_get_info", info);
        if (info.value >> 63 == 0) {
            const auto csr = info.value & 0xfff;
            expect("the CSR is cycle, instret or hpmcounterN", csr >= 0xc00 && csr < 0xc20 && csr != 0xc01);
            expect_equal("reserved bits", 0, info.value >> 18);
            value(i);
        }
    }
    expect("there are hardware counters", hardware() != 0);
    expect("there are eight firmware counters", (own() & (own() - 1)) != 0 && count >= 8);
    for (const auto bad : {count, count + 1, std::uint64_t{1} << 32, ones}) {
        expect_error("an index that is no counter", sbi::invalid_param, get_info(bad));
    }
}

void sets_are_checked() {
    begin();
    const auto count = num_counters().value;
    struct Set {
        std::uint64_t base;
        std::uint64_t mask;
    };
    for (const auto& set : {Set{count, 1}, {count - 1, 2}, {0, bit(count) | 1}, {ones, 1}, {ones, 2}, {64, 1}}) {
        expect_error("config_matching", sbi::invalid_param, configure(set.mask, cycles, 0, 0, set.base));
        expect_error("start", sbi::invalid_param, pmu::start(set.mask, 0, 0, set.base));
        expect_error("stop", sbi::invalid_param, stop(set.mask, 0, set.base));
    }
    expect_error("config_matching of no counter", sbi::not_supported, configure(0, cycles));
    expect_success("start of no counter", pmu::start(0));
    expect_success("stop of no counter", stop(0));
}

void reserved_flags_are_refused() {
    begin();
    expect_error("config_matching, bit 8", sbi::invalid_param, configure(all(), cycles, bit(8)));
    expect_error("config_matching, bit 63", sbi::invalid_param, configure(all(), cycles, bit(63)));
    const auto mask = bit(take(all(), cycles));
    expect_error("start, bit 2", sbi::invalid_param, pmu::start(mask, bit(2)));
    expect_error("start from a value and from the snapshot", sbi::invalid_param,
                 pmu::start(mask, set_init_value | init_snapshot));
    expect_error("stop, bit 2", sbi::invalid_param, stop(mask, bit(2)));
    expect_success("the counter is not started", pmu::start(mask));
}

/// A counter starts, counts and stops. A hart may be delayed at any place while its counters, which may be the host's
/// clock, go on; but no count gets near `far`.
void counts(std::uint64_t event) {
    constexpr auto far = bit(60);
    begin();
    const auto counter = take(hardware(), event);
    expect_success("start", pmu::start(bit(counter), set_init_value, far));
    const auto before = value(counter);
    expect("starts from the value", before >= far && before < 2 * far);
    work();
    expect("counts", value(counter) > before);
    expect_success("stop", stop(bit(counter)));
    const auto stopped = value(counter);
    work();
    expect_equal("stands still", stopped, value(counter));
    expect_success("start again", pmu::start(bit(counter)));
    expect("goes on from there", value(counter) >= stopped);
    expect("and not further on by the value of an earlier call", value(counter) < stopped + far);
}
void cycles_are_counted() {
    counts(cycles);
}
void instructions_are_counted() {
    counts(instructions);
}

/// QEMU counts TLB misses; how many is not checked.
void cache_events_are_counted() {
    begin();
    constexpr std::uint64_t dtlb_read_misses = 0x10000 | 3 << 3;
    const auto taken = configure(hardware(), dtlb_read_misses | 1, clear_value | auto_start);
    if (taken.error == sbi::not_supported) {
        print("probe: no counter monitors TLB misses");
        return;
    }
    expect_success("config_matching", taken);
    expect_error("it is started", sbi::already_started, pmu::start(bit(taken.value)));
    expect_success("stop", stop(bit(taken.value)));
}

void events_are_checked() {
    begin();
    for (const std::uint64_t event : {0UL, 11UL, 0xffffUL, 0x10038UL, 0x1001eUL, 0x20001UL, 0x30001UL, 0x40000UL,
                                      0xe0000UL, 0x100001UL, 0x1'0000'0001UL, ones}) {
        expect_error("an event that no counter monitors", sbi::not_supported, configure(all(), event));
    }
    expect_error("data of an event without", sbi::not_supported, configure(all(), cycles, 0, 1));
    expect_error("raw data of 49 bits", sbi::not_supported, configure(all(), 0x20000, 0, bit(48)));
    expect_error("raw data of 59 bits", sbi::not_supported, configure(all(), 0x30000, 0, bit(58)));
    expect_error("a hardware event in a firmware counter", sbi::not_supported, configure(own(), cycles));
    expect_error("a firmware event in a hardware counter", sbi::not_supported,
                 configure(hardware(), firmware_event + 6));
}

/// A started counter is never given to another event; one that is only configured may be.
void started_counters_are_left_alone() {
    begin();
    for (const auto event : {cycles, firmware_event + 6}) {
        const auto counter = take(all(), event);
        expect_equal("the same counter again", counter, take(bit(counter), event));
        expect_success("start", pmu::start(bit(counter)));
        expect_error("a started counter", sbi::not_supported, configure(bit(counter), event));
        expect_error("start of a started counter", sbi::already_started, pmu::start(bit(counter)));
        expect_success("stop", stop(bit(counter)));
        expect_error("stop of a stopped counter", sbi::already_stopped, stop(bit(counter)));
        expect_equal("the same counter after its stop", counter, take(bit(counter), event));
        expect_error("reset of a stopped counter", sbi::already_stopped, stop(bit(counter), reset));
        expect_error("start without an event", sbi::invalid_param, pmu::start(bit(counter)));
    }
}

void sets_are_started_and_stopped_whole() {
    begin();
    const auto one = bit(take(hardware(), cycles));
    const auto two = bit(take(own(), firmware_event + 6));
    const auto three = bit(take(own() & ~two, firmware_event + 7));
    expect_success("start of one", pmu::start(two));
    expect_error("start of three", sbi::already_started, pmu::start(one | two | three));
    expect_error("all are started", sbi::already_started, pmu::start(one));
    expect_error("all are started", sbi::already_started, pmu::start(three));
    expect_success("stop of one", stop(two));
    expect_error("stop of three", sbi::already_stopped, stop(one | two | three));
    expect_error("all are stopped", sbi::already_stopped, stop(one));
    expect_error("all are stopped", sbi::already_stopped, stop(three));
}

void skip_match_takes_the_first() {
    begin();
    const auto fixed = take(hardware(), cycles);
    const auto taken = configure(hardware() & ~(bit(fixed) - 1), cycles, skip_match);
    expect_success("config_matching", taken);
    expect_equal("the first counter of the set", fixed, taken.value);
    const auto first = own() & (~own() + 1);
    expect_equal("the first counter of the set", first, bit(take(own(), firmware_event + 6, skip_match)));
    expect_equal("the first counter, configured or not", first, bit(take(own(), firmware_event + 7, skip_match)));
}

void clear_value_clears() {
    begin();
    for (const auto event : {cycles, firmware_event + 5}) {
        const auto counter = take(all(), event);
        expect_success("start", pmu::start(bit(counter), set_init_value, bit(40)));
        expect_success("stop", stop(bit(counter)));
        expect("far from 0", value(counter) >= bit(40));
        take(bit(counter), event);
        expect("kept without the flag", value(counter) >= bit(40));
        take(bit(counter), event, clear_value);
        expect_equal("cleared", 0, value(counter));
        take(bit(counter), event, clear_value | auto_start);
        expect_error("started", sbi::already_started, pmu::start(bit(counter)));
    }
}

/// Flags for modes are hints, which a hart without Sscofpmf cannot follow.
void modes_are_left_out() {
    begin();
    const auto counted = [](std::uint64_t flags) {
        const auto counter = take(hardware(), instructions, flags | clear_value);
        expect_success("start", pmu::start(bit(counter)));
        work();
        expect_success("stop", stop(bit(counter)));
        const auto result = value(counter);
        stop(bit(counter), reset);
        return result;
    };
    expect_equal("instructions without S-mode", 0, counted(set_sinh));
    expect("instructions without U-mode", counted(set_uinh) >= 10'000);
    expect("instructions with what is no business of a guest's", counted(set_vsinh | set_vuinh | set_minh) >= 10'000);
    expect_equal("what the hypervisor and the firmware execute", 0, counted(set_sinh | set_uinh));
}

void overflow_interrupts() {
    begin();
    constexpr std::uint64_t distance = 100'000;
    auto& self = this_hart();
    const auto counter = take(hardware(), instructions);
    const auto number = (get_info(counter).value & 0xfff) - 0xc00;
    self.interrupts[overflow_interrupt] = 0;
    clear_csr<sip>(bit(overflow_interrupt));
    set_csr<sie>(bit(overflow_interrupt));
    set_csr<sstatus>(2);
    expect_success("start", pmu::start(bit(counter), set_init_value, ~distance));
    const auto deadline = now() + patience;
    while (self.interrupts[overflow_interrupt] == 0 && now() < deadline) {
        work();
    }
    clear_csr<sstatus>(2);
    expect_success("stop", stop(bit(counter)));
    expect_equal("overflow interrupts", 1, self.interrupts[overflow_interrupt]);
    expect("the value has wrapped", value(counter) < bit(40));
    const auto overflown = run_instructions(Mode::supervisor, {csrr_a0_scountovf});
    expect_no_trap("scountovf", overflown.trap);
    expect_equal("scountovf", 1, overflown.a0 >> number & 1);
    for (const auto mode : {Mode::user, Mode::supervisor}) {
        expect_equal("a write of scountovf is illegal", illegal_instruction,
                     run_instructions(mode, {csrw_scountovf_a0}).trap.cause);
    }
    expect_equal("scountovf in U-mode is illegal", illegal_instruction,
                 run_instructions(Mode::user, {csrr_a0_scountovf}).trap.cause);
    expect_equal("pending", 1, read_csr<sip>() >> overflow_interrupt & 1);
    clear_csr<sip>(bit(overflow_interrupt));
    expect_equal("cleared", 0, read_csr<sip>() >> overflow_interrupt & 1);
}

void only_firmware_counters_are_fw_read() {
    begin();
    const auto count = num_counters().value;
    for (std::uint64_t i = 0; i < count; ++i) {
        if ((hardware() & bit(i)) != 0) {
            expect_error("fw_read of a hardware counter", sbi::invalid_param, fw_read(i));
            expect_error("fw_read_hi of a hardware counter", sbi::invalid_param, fw_read_hi(i));
        }
    }
    expect_error("fw_read of no counter", sbi::invalid_param, fw_read(count));
    expect_error("fw_read_hi of no counter", sbi::invalid_param, fw_read_hi(ones));
    const auto counter = take(own(), firmware_event + 6);
    expect_success("start", pmu::start(bit(counter), set_init_value, 0x1234'5678'9abc'def0));
    expect_equal("fw_read", 0x1234'5678'9abc'def0, fw_read(counter).value);
    expect_success("fw_read_hi", fw_read_hi(counter));
    expect_equal("the upper half on RV64", 0, fw_read_hi(counter).value);
}

/// Returns how often the firmware event occurs while `act` runs.
std::uint64_t counted(std::uint64_t code, auto act) {
    const auto counter = take(own(), firmware_event + code, clear_value | auto_start);
    act();
    const auto result = value(counter);
    stop(bit(counter), reset);
    return result;
}

std::atomic<std::uint32_t> sent;
std::uint64_t counted_by_other;

void count_received(std::uint64_t code) {
    counted_by_other = counted(code, [] {
        sent = 0;
        expect("the boot hart has sent", wait_until([] { return sent == 1; }));
    });
}

/// The calling hart sends one message to hart 0 of the others and one to itself.
void message_counts_once_for_each(std::uint64_t extension, std::uint64_t function, std::uint64_t code) {
    auto& target = other_hart(0);
    const auto send = [&](std::uint64_t mask) {
        expect_success("message", sbi::call(extension, function, {mask, 0, 0x8000'0000, 4096, 0}));
    };
    sent = 2;
    expect_success("start of a hart", start(target, count_received, code + 1));
    expect("the other hart counts", wait_until([] { return sent == 0; }));
    expect_equal("sent", 1, counted(code, [&] { send(bit(target.id) | bit(this_hart().id)); }));
    sent = 1;
    expect("the other hart has stopped", wait_stopped(target));
    end_case_if_failed();
    expect_equal("received", 1, counted_by_other);
    expect_equal("sent to oneself", 0, counted(code, [&] { send(bit(this_hart().id)); }));
}

void own_calls_are_counted() {
    begin();
    expect_equal("timers", 3, counted(5, [] {
                     for (int i = 0; i < 3; ++i) {
                         sbi::set_timer(~std::uint64_t{0});
                     }
                 }));
    message_counts_once_for_each(sbi::ipi, 0, 6);
    message_counts_once_for_each(sbi::rfence, 0, 8);
    message_counts_once_for_each(sbi::rfence, 1, 10);
    message_counts_once_for_each(sbi::rfence, 2, 12);
    for (const std::uint64_t code : {0, 1, 2, 3, 4, 14, 21, 22, 255, 256, 65535}) {
        expect_error("an event that is not counted", sbi::not_supported, configure(own(), firmware_event + code));
    }
    expect_error("data of an event without", sbi::not_supported, configure(own(), firmware_event + 6, 0, 1));
}

void nothing_is_left_of_a_stopped_hart() {
    run_on(other_hart(0), [](std::uint64_t) { leave_started(); });
    run_on(other_hart(0), [](std::uint64_t) { expect_new(); });
}

void unknown_functions_are_refused() {
    for (const auto function : {std::uint64_t{9}, bit(32), ones}) {
        expect_error("a function that PMU has not", sbi::not_supported, sbi::call(sbi::pmu, function));
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"pmu.counters", every_counter_has_info, When::on_mullion},
    Case{"pmu.sets", sets_are_checked, When::on_mullion},
    Case{"pmu.reserved-flags", reserved_flags_are_refused, When::on_mullion},
    Case{"pmu.cycles", cycles_are_counted, When::on_mullion},
    Case{"pmu.instructions", instructions_are_counted, When::on_mullion},
    Case{"pmu.cache-events", cache_events_are_counted, When::on_mullion},
    Case{"pmu.bad-events", events_are_checked, When::on_mullion},
    Case{"pmu.started", started_counters_are_left_alone, When::on_mullion},
    Case{"pmu.whole-sets", sets_are_started_and_stopped_whole, When::on_mullion},
    Case{"pmu.skip-match", skip_match_takes_the_first, When::on_mullion},
    Case{"pmu.clear", clear_value_clears, When::on_mullion},
    Case{"pmu.modes", modes_are_left_out, When::on_mullion, Needs::sscofpmf},
    Case{"pmu.overflow", overflow_interrupts, When::on_mullion, Needs::sscofpmf},
    Case{"pmu.fw-read", only_firmware_counters_are_fw_read, When::on_mullion},
    Case{"pmu.firmware-events", own_calls_are_counted, When::on_mullion},
    Case{"pmu.stopped-hart", nothing_is_left_of_a_stopped_hart, When::on_mullion},
    Case{"pmu.unknown-function", unknown_functions_are_refused},
};

}  // namespace

}  // namespace probe
