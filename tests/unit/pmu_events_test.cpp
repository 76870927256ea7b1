// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu_events.hpp"

#include <gtest/gtest.h>

#include "pmu_fixture.hpp"

namespace mullion {
namespace {

struct PmuEvents : PmuGuest {
    static constexpr std::uint64_t place = 0x8000'0000;

    std::span<std::uint8_t> entry(std::size_t i) {
        return port.guest_memory(Hpa{0xa000'0000} + i * event_entry_size, event_entry_size);
    }
    void ask(std::size_t i, std::uint32_t event, std::uint64_t data = 0) {
        store<std::uint32_t>(entry(i), 0, event);
        store<std::uint32_t>(entry(i), event_output_at, 0xffff'ffff);
        store(entry(i), event_data_at, data);
    }
    std::uint32_t output(std::size_t i) { return load<std::uint32_t>(entry(i), event_output_at); }
    SbiResult get(std::uint64_t entries, std::uint64_t low = place, std::uint64_t high = 0, std::uint64_t flags = 0) {
        return pmu_call(PmuFunction::event_get_info, low, high, entries, flags);
    }
};

constexpr SbiResult invalid_address{SbiError::invalid_address};

TEST_F(PmuEvents, AnswerForEachEntry) {
    const std::vector<std::tuple<std::uint32_t, std::uint64_t, bool>> events{
        {1, 0, true},        {2, 77, true},
        {3, 0, false},       {0, 0, false},
        {0x10019, 0, true},  {0x1001b, 0, false},
        {0x20000, 5, true},  {0x20000, 1UL << 48, false},
        {0x30000, 5, true},  {0x30000, 1UL << 50, false},
        {0xf0005, 0, true},  {0xf0006, 1, false},
        {0xf0000, 0, false}, {0xf00ff, 0, false},
        {0xb, 0, false},     {0x10038, 0, false},
        {0x1001e, 0, false}, {0x20001, 0, false},
        {0x40000, 0, false}, {0xfffff, 0, false}};
    for (std::size_t i = 0; i < events.size(); ++i) {
        ask(i, std::get<0>(events[i]), std::get<1>(events[i]));
    }
    ask(events.size(), 1);
    EXPECT_EQ(get(events.size()), sbi_success);
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(output(i), std::get<2>(events[i]) ? 1U : 0U) << std::hex << std::get<0>(events[i]);
        EXPECT_EQ(load<std::uint32_t>(entry(i), 0), std::get<0>(events[i]));
        EXPECT_EQ(load<std::uint64_t>(entry(i), event_data_at), std::get<1>(events[i]));
    }
    EXPECT_EQ(output(events.size()), 0xffff'ffffU);
}

TEST_F(PmuEvents, DoNotDependOnWhatIsInUse) {
    EXPECT_EQ(configure(0b11000, FakePmu::misses, pmu_config::auto_start), counter(3));
    EXPECT_EQ(configure(0b11000, FakePmu::misses, pmu_config::auto_start), counter(4));
    ask(0, FakePmu::misses);
    ask(1, 1);
    EXPECT_EQ(get(2), sbi_success);
    EXPECT_EQ(output(0), 1U);
    EXPECT_EQ(output(1), 1U);
    EXPECT_TRUE(firmware.hardware.at(3).started);
}

TEST_F(PmuEvents, LeaveNoCounterConfigured) {
    ask(0, FakePmu::raw);
    EXPECT_EQ(get(1), sbi_success);
    EXPECT_FALSE(firmware.hardware.at(3).event);
    EXPECT_EQ(pmu.configured, 0U);
}

TEST_F(PmuEvents, AreAllLookedAtBeforeOneIsAnswered) {
    for (const std::uint32_t event : {0x10'0001U, 0x8000'0001U, 0xffff'ffffU}) {
        ask(0, 1);
        ask(1, event);
        EXPECT_EQ(get(2), invalid) << std::hex << event;
        EXPECT_EQ(output(0), 0xffff'ffffU);
    }
}

TEST_F(PmuEvents, LieInTheGuestsWritableMemory) {
    ask(0, 1);
    EXPECT_EQ(get(1, place, 0, 1), invalid);
    EXPECT_EQ(get(1, place + 8), invalid);
    EXPECT_EQ(get(1, place, 1), invalid_address);
    EXPECT_EQ(get(1, 0x8000'3000), invalid_address);  // read-only
    EXPECT_EQ(get(1, 0x1000'0000), invalid_address);
    EXPECT_EQ(get(1, 0x7fff'fff0), invalid_address);
    EXPECT_EQ(get(1, ~std::uint64_t{15}), invalid_address);
    EXPECT_EQ(get(2, 0x8000'2ff0), invalid_address);
    EXPECT_EQ(get(event_entries_limit + 1), sbi_failure(SbiError::failed));
    EXPECT_EQ(get(~std::uint64_t{0}), sbi_failure(SbiError::failed));
    EXPECT_EQ(output(0), 0xffff'ffffU);
    EXPECT_EQ(get(0), sbi_success);
}

TEST_F(PmuEvents, MayReachOverAdjoiningWindows) {
    const auto last = port.guest_memory({0xa000'1ff0}, 16);
    const auto first = port.guest_memory({0xc000'0000}, 16);
    store<std::uint32_t>(last, 0, 1);
    store<std::uint32_t>(first, 0, 2);
    EXPECT_EQ(get(2, 0x8000'1ff0), sbi_success);
    EXPECT_EQ(load<std::uint32_t>(last, event_output_at), 1U);
    EXPECT_EQ(load<std::uint32_t>(first, event_output_at), 1U);
}

}  // namespace
}  // namespace mullion
