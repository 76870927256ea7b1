// SPDX-License-Identifier: Apache-2.0
// SBI chapter 11, "Performance Monitoring Unit Extension": the snapshot and the events in shared memory.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/pmu.hpp"

namespace probe {
namespace {

using namespace pmu;

constexpr std::uint64_t ones = ~std::uint64_t{0};
constexpr std::uint64_t pattern = 0xa5a5'a5a5'a5a5'a5a5;

/// The chapter's layout: the overflow bitmap, 64 values, reserved.
struct alignas(4096) Snapshot {
    std::uint64_t overflown;
    std::array<std::uint64_t, 64> values;
    std::array<std::uint64_t, 447> reserved;
};
static_assert(sizeof(Snapshot) == 4096);

Snapshot page;

void fill_page() {
    page.overflown = pattern;
    page.values.fill(pattern);
    page.reserved.fill(pattern);
}

std::uint64_t address_of(const void* at) {
    return reinterpret_cast<std::uint64_t>(at);
}

void snapshot_page_is_checked() {
    begin();
    expect_success("a page", set_shmem(address_of(&page)));
    expect_success("the page again", set_shmem(address_of(&page)));
    expect_error("flags", sbi::invalid_param, set_shmem(address_of(&page), 0, 1));
    expect_error("flags with no page", sbi::invalid_param, set_shmem(ones, ones, 1));
    expect_error("not aligned", sbi::invalid_param, set_shmem(address_of(&page) + 8));
    expect_error("low half all ones", sbi::invalid_param, set_shmem(ones, 0));
    const auto windows = machine().windows();
    const auto refused = [](std::string_view what, std::uint64_t low, std::uint64_t high = 0) {
        expect_error(what, sbi::invalid_address, set_shmem(low, high));
    };
    refused("address 0", 0);
    refused("behind memory", windows.back().end());
    refused("before memory", windows.front().base - 4096);
    refused("the UART", machine().uart.base);
    refused("the interrupt controller", machine().interrupt_controller().base);
    refused("the high half not zero", address_of(&page), 1);
    refused("the high half all ones", address_of(&page), ones);
    expect_success("none", set_shmem(ones, ones));
}

void snapshots_need_a_page() {
    begin();
    const auto mask = bit(take(hardware(), cycles));
    expect_error("start", sbi::no_shmem, pmu::start(mask, init_snapshot));
    expect_success("the counter is not started", pmu::start(mask));
    expect_error("stop", sbi::no_shmem, stop(mask, take_snapshot));
    expect_success("the counter is not stopped", stop(mask));
    expect_success("a page", set_shmem(address_of(&page)));
    expect_success("start with it", pmu::start(mask, init_snapshot));
    expect_success("none", set_shmem(ones, ones));
    expect_error("stop without it", sbi::no_shmem, stop(mask, take_snapshot));
}

void stop_saves_the_counters_of_the_set() {
    begin();
    expect_success("a page", set_shmem(address_of(&page)));
    const auto hart_counter = take(hardware(), cycles);
    const auto last = take(own() & (own() - 1), firmware_event + 5);
    expect_success("start", pmu::start(bit(hart_counter), set_init_value, bit(30)));
    expect_success("start", pmu::start(bit(last), set_init_value, 77));
    fill_page();
    expect_success("stop", stop(bit(hart_counter) | bit(last), take_snapshot));
    expect_equal("overflow bitmap", 0, page.overflown);
    expect_equal("of the hardware counter", value(hart_counter), page.values[hart_counter]);
    expect("it has counted", page.values[hart_counter] > bit(30));
    expect_equal("of the firmware counter", 77, page.values[last]);
    for (std::size_t i = 0; i < page.values.size(); ++i) {
        expect("the others are as they were", i == hart_counter || i == last || page.values[i] == pattern);
    }
    expect_equal("reserved", pattern, page.reserved[0]);
    expect_success("start", pmu::start(1, 0, 0, last));
    expect_success("stop, relative to the base", stop(1, take_snapshot | reset, last));
    expect_equal("at the front", 77, page.values[0]);
    expect_error("reset as well", sbi::invalid_param, pmu::start(bit(last)));
}

void start_takes_the_values_of_the_set() {
    begin();
    expect_success("a page", set_shmem(address_of(&page)));
    const auto hart_counter = take(hardware(), cycles);
    const auto last = take(own() & (own() - 1), firmware_event + 5);
    fill_page();
    page.values[hart_counter] = bit(35);
    page.values[last] = 99;
    expect_success("start", pmu::start(bit(hart_counter) | bit(last), init_snapshot, 5));
    expect("the hardware counter", value(hart_counter) >= bit(35) && value(hart_counter) < bit(36));
    expect_equal("the firmware counter", 99, value(last));
    expect_equal("the page is only read", pattern, page.overflown);
    expect_success("stop", stop(bit(hart_counter) | bit(last)));
    expect_equal("nothing is saved", 99, page.values[last]);
    page.values[0] = 111;
    expect_success("start, relative to the base", pmu::start(1, init_snapshot, 5, last));
    expect_equal("the value at the front", 111, value(last));
}

void overflow_is_saved() {
    begin();
    expect_success("a page", set_shmem(address_of(&page)));
    const auto counter = take(hardware(), instructions);
    expect_success("start", pmu::start(bit(counter), set_init_value, ~std::uint64_t{100'000}));
    const auto deadline = now() + patience;
    // An overflow may be noticed later than it happens.
    while ((read_csr<sip>() >> 13 & 1) == 0 && now() < deadline) {
        work();
    }
    work();
    expect_success("stop", stop(1, take_snapshot | reset, counter));
    expect_equal("overflow bitmap, relative to the base", 1, page.overflown);
    clear_csr<sip>(1 << 13);
    take(bit(counter), instructions, auto_start);
    expect_success("stop", stop(bit(counter), take_snapshot));
    expect_equal("overflow bitmap of the next run", 0, page.overflown);
}

struct alignas(16) Entry {
    std::uint32_t event;
    std::uint32_t output;
    std::uint64_t data;
};

std::array<Entry, 12> entries;

void events_are_told_of() {
    begin();
    constexpr std::uint32_t stale = 0xdead'beef;
    entries = {{{cycles, stale, 0},
                {instructions, stale, 0},
                {0, stale, 0},
                {0xf0006, stale, 0},
                {0xf0006, stale, 1},
                {0xf0000, stale, 0},
                {0x20000, stale, bit(48)},
                {11, stale, 0},
                {0x10038, stale, 0},
                {0x20001, stale, 0},
                {0x40000, stale, 0},
                {cycles, stale, 0}}};
    constexpr std::array<std::uint32_t, 11> answers{1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    expect_success("event_get_info", event_info(address_of(entries.data()), answers.size()));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        expect_equal("output", answers[i], entries[i].output);
    }
    expect_equal("behind the last entry", stale, entries.back().output);
    expect_equal("the event stays", 0xf0006, entries[3].event);
    const auto counter = take(hardware(), cycles, auto_start);
    expect_success("while one is in use", event_info(address_of(entries.data()), 1));
    expect_equal("output", 1, entries[0].output);
    expect_error("and is in use after it", sbi::already_started, pmu::start(bit(counter)));
    expect_success("no entry", event_info(address_of(entries.data()), 0));
}

void bad_events_are_refused() {
    begin();
    const auto at = address_of(entries.data());
    expect_error("flags", sbi::invalid_param, event_info(at, 1, 0, 1));
    expect_error("not aligned", sbi::invalid_param, event_info(at + 8, 1));
    expect_error("the high half not zero", sbi::invalid_address, event_info(at, 1, 1));
    expect_error("behind memory", sbi::invalid_address, event_info(machine().windows().back().end(), 1));
    expect_error("straddling the end", sbi::invalid_address, event_info(machine().windows().back().end() - 16, 2));
    expect_error("the UART", sbi::invalid_address, event_info(machine().uart.base, 1));
    expect_error("too many", sbi::failed, event_info(at, 4097));
    expect_error("a number that wraps", sbi::failed, event_info(at, bit(60) + 1));
    for (const std::uint32_t event : {0x10'0001U, 0x8000'0001U}) {
        entries[0] = {cycles, 7, 0};
        entries[1] = {event, 7, 0};
        expect_error("reserved bits", sbi::invalid_param, event_info(at, 2));
        expect_equal("nothing is written", 7, entries[0].output);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"pmu.snapshot-page", snapshot_page_is_checked, When::on_mullion},
    Case{"pmu.no-shmem", snapshots_need_a_page, When::on_mullion},
    Case{"pmu.snapshot-stop", stop_saves_the_counters_of_the_set, When::on_mullion},
    Case{"pmu.snapshot-start", start_takes_the_values_of_the_set, When::on_mullion},
    Case{"pmu.snapshot-overflow", overflow_is_saved, When::on_mullion, Needs::sscofpmf},
    Case{"pmu.event-info", events_are_told_of, When::on_mullion},
    Case{"pmu.bad-event-info", bad_events_are_refused, When::on_mullion},
};

}  // namespace

}  // namespace probe
