// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu.hpp"

#include <gtest/gtest.h>

#include "pmu_fixture.hpp"

namespace mullion {
namespace {

using enum PmuFunction;

struct SbiPmu : PmuGuest {
    static constexpr std::uint64_t page = 0x8000'0000;
    static constexpr auto none = ~std::uint64_t{0};

    std::span<std::uint8_t> memory() { return port.guest_memory({0xa000'0000}, snapshot_size); }
    std::uint64_t value(std::size_t i) { return load<std::uint64_t>(memory(), snapshot_values_at + 8 * i); }
    void set_value(std::size_t i, std::uint64_t value) { store(memory(), snapshot_values_at + 8 * i, value); }
    SbiResult set_snapshot(std::uint64_t low, std::uint64_t high = 0, std::uint64_t flags = 0) {
        return pmu_call(snapshot_set_shmem, low, high, flags);
    }
};

constexpr SbiResult already_started{SbiError::already_started};
constexpr SbiResult already_stopped{SbiError::already_stopped};
constexpr SbiResult no_shmem{SbiError::no_shmem};
constexpr SbiResult invalid_address{SbiError::invalid_address};

TEST_F(SbiPmu, EveryIndexIsACounter) {
    EXPECT_EQ(pmu_call(num_counters), counter(13));
    EXPECT_EQ(pmu_call(counter_get_info, 0).value, 47U << 12 | 0xc00);
    EXPECT_EQ(pmu_call(counter_get_info, 4).value, 47U << 12 | 0xc04);
    for (const auto own : {1U, 5U, 12U}) {
        EXPECT_EQ(pmu_call(counter_get_info, own).error, SbiError::success);
        EXPECT_EQ(pmu_call(counter_get_info, own).value >> 63, 1U);
    }
    EXPECT_EQ(pmu_call(counter_get_info, 13), invalid);
    EXPECT_EQ(pmu_call(counter_get_info, none), invalid);
    EXPECT_EQ(pmu_call(counter_get_info, std::uint64_t{1} << 32), invalid);
}

TEST_F(SbiPmu, ASetWithAnInvalidCounterIsRefusedWhole) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    for (const CounterSet set :
         {CounterSet{0, 1 << 13 | 1 << 3}, {13, 1}, {12, 0b10}, {none, 1}, {none, 0b10000}, {64, 1}, {3, none}}) {
        EXPECT_EQ(pmu_call(counter_config_matching, set.base, set.mask, 0, FakePmu::misses), invalid);
        EXPECT_EQ(pmu_call(counter_start, set.base, set.mask), invalid);
        EXPECT_EQ(pmu_call(counter_stop, set.base, set.mask), invalid);
    }
    EXPECT_FALSE(firmware.hardware.at(3).started);
}

TEST_F(SbiPmu, AnEmptySetHasNoInvalidCounter) {
    EXPECT_EQ(pmu_call(counter_config_matching, none, 0, 0, 1), unsupported);
    EXPECT_EQ(pmu_call(counter_start, none, 0), sbi_success);
    EXPECT_EQ(pmu_call(counter_stop, none, 0), sbi_success);
}

TEST_F(SbiPmu, ReservedFlagsAreInvalid) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses, 1 << 8), invalid);
    EXPECT_EQ(configure(0b10, ipi_sent, std::uint64_t{1} << 63), invalid);
    EXPECT_EQ(configure(0b1010, FakePmu::misses), counter(3));
    EXPECT_EQ(start(0b1000, 1 << 2), invalid);
    EXPECT_EQ(start(0b1000, 0b11), invalid);
    EXPECT_EQ(stop(0b1, 1 << 2), invalid);
    EXPECT_TRUE(firmware.hardware.at(0).started);
}

TEST_F(SbiPmu, StartsAndStopsEveryCounterOfASet) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(configure(0b10000, FakePmu::misses), counter(4));
    EXPECT_EQ(configure(0b10, ipi_sent), counter(1));
    EXPECT_EQ(start(0b11010, pmu_start::set_init_value, 7), sbi_success);
    EXPECT_EQ(firmware.hardware.at(3).value, 7U);
    EXPECT_EQ(firmware.hardware.at(4).value, 7U);
    EXPECT_EQ(read(1), 7U);
    EXPECT_EQ(pmu_call(counter_start, 3, 1), already_started);
    EXPECT_EQ(pmu_call(counter_stop, 3, 0b11), sbi_success);
    EXPECT_EQ(pmu_call(counter_stop, 3, 1), already_stopped);
    EXPECT_FALSE(firmware.hardware.at(4).started);
    EXPECT_EQ(stop(0b10), sbi_success);
    EXPECT_EQ(stop(0b10), already_stopped);
}

TEST_F(SbiPmu, TheOthersOfASetAreServedAllTheSame) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(configure(0b10000, FakePmu::misses), counter(4));
    EXPECT_EQ(start(0b1000), sbi_success);
    EXPECT_EQ(start(0b11000), already_started);
    EXPECT_TRUE(firmware.hardware.at(4).started);
    EXPECT_EQ(stop(0b1000), sbi_success);
    EXPECT_EQ(stop(0b11000), already_stopped);
    EXPECT_FALSE(firmware.hardware.at(4).started);
    EXPECT_EQ(stop(0b1'1111'1111'1111, pmu_stop::reset), already_stopped);  // what Linux does first on each hart
    EXPECT_EQ(pmu.started | pmu.configured, 0U);
}

TEST_F(SbiPmu, ACounterWithoutAnEventDoesNotStart) {
    EXPECT_EQ(start(0b1000), invalid);
    EXPECT_EQ(start(0b10), invalid);
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(start(0b11000), invalid);
    EXPECT_FALSE(firmware.hardware.at(3).started);
    EXPECT_EQ(stop(0b1000, pmu_stop::reset), already_stopped);
    EXPECT_FALSE(firmware.hardware.at(3).event);
    EXPECT_EQ(start(0b1000), invalid);
}

TEST_F(SbiPmu, ReadsFirmwareCountersOnly) {
    EXPECT_EQ(pmu_call(counter_fw_read, 0), invalid);
    EXPECT_EQ(pmu_call(counter_fw_read, 13), invalid);
    EXPECT_EQ(pmu_call(counter_fw_read_hi, 3), invalid);
    EXPECT_EQ(configure(0b10, ipi_sent), counter(1));
    EXPECT_EQ(start(0b10, pmu_start::set_init_value, 0x1234'5678'9abc'def0), sbi_success);
    EXPECT_EQ(pmu_call(counter_fw_read, 1), counter(0x1234'5678'9abc'def0));
    EXPECT_EQ(pmu_call(counter_fw_read_hi, 1), counter(0));
}

TEST_F(SbiPmu, TakesASnapshotPageOfTheGuestsWritableMemory) {
    EXPECT_EQ(set_snapshot(page), sbi_success);
    EXPECT_EQ(set_snapshot(page + 8), invalid);
    EXPECT_EQ(set_snapshot(page, 0, 1), invalid);
    EXPECT_EQ(set_snapshot(none, none, 1), invalid);
    EXPECT_EQ(set_snapshot(none, 0), invalid);
    EXPECT_EQ(set_snapshot(page, 1), invalid_address);
    EXPECT_EQ(set_snapshot(0x8000'3000), invalid_address);
    EXPECT_EQ(set_snapshot(0x1000'0000), invalid_address);
    EXPECT_EQ(set_snapshot(0x8000'4000), invalid_address);
    EXPECT_TRUE(pmu.snapshot);
    EXPECT_EQ(set_snapshot(none, none), sbi_success);
    EXPECT_FALSE(pmu.snapshot);
}

TEST_F(SbiPmu, NeedsThePageForASnapshot) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(start(0b1000, pmu_start::init_snapshot), no_shmem);
    EXPECT_EQ(start(0b1000), sbi_success);
    EXPECT_EQ(stop(0b1000, pmu_stop::take_snapshot), no_shmem);
    EXPECT_TRUE(firmware.hardware.at(3).started);
}

TEST_F(SbiPmu, StartsFromTheSnapshotRelativeToTheBase) {
    EXPECT_EQ(set_snapshot(page), sbi_success);
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(configure(0b10000, FakePmu::misses), counter(4));
    EXPECT_EQ(configure(0b100000, ipi_sent), counter(5));
    set_value(0, 30);
    set_value(1, 40);
    set_value(2, 50);
    EXPECT_EQ(pmu_call(counter_start, 3, 0b111, pmu_start::init_snapshot, 99), sbi_success);
    EXPECT_EQ(firmware.hardware.at(3).value, 30U);
    EXPECT_EQ(firmware.hardware.at(4).value, 40U);
    EXPECT_EQ(read(5), 50U);
    EXPECT_EQ(value(0), 30U);
}

TEST_F(SbiPmu, SavesTheSnapshotRelativeToTheBase) {
    EXPECT_EQ(set_snapshot(page), sbi_success);
    EXPECT_EQ(configure(0b1000, FakePmu::misses, pmu_config::auto_start), counter(3));
    EXPECT_EQ(configure(0b100000, ipi_sent, pmu_config::auto_start), counter(5));
    firmware.hardware.at(3).value = 33;
    send_ipi();
    std::ranges::fill(memory(), 0xaa);
    EXPECT_EQ(pmu_call(counter_stop, 3, 0b101, pmu_stop::take_snapshot | pmu_stop::reset), sbi_success);
    EXPECT_EQ(load<std::uint64_t>(memory(), 0), 0U);
    EXPECT_EQ(value(0), 33U);
    EXPECT_EQ(value(1), 0xaaaa'aaaa'aaaa'aaaaU);
    EXPECT_EQ(value(2), 1U);
    EXPECT_EQ(value(3), 0xaaaa'aaaa'aaaa'aaaaU);
    EXPECT_FALSE(firmware.hardware.at(3).event);
}

TEST_F(SbiPmu, SavesWhichCountersHaveOverflownWhereTheHartCanTell) {
    EXPECT_EQ(set_snapshot(page), sbi_success);
    EXPECT_EQ(configure(0b1000, FakePmu::misses, pmu_config::auto_start), counter(3));
    EXPECT_EQ(configure(0b10000, FakePmu::misses, pmu_config::auto_start), counter(4));
    firmware.overflown = 0b11000;
    EXPECT_EQ(stop(0b1000, pmu_stop::take_snapshot), sbi_success);
    EXPECT_EQ(load<std::uint64_t>(memory(), 0), 0U);
    pmu.overflows = true;
    EXPECT_EQ(pmu_call(counter_stop, 4, 1, pmu_stop::take_snapshot), sbi_success);
    EXPECT_EQ(load<std::uint64_t>(memory(), 0), 1U);
}

TEST_F(SbiPmu, TouchesTheSnapshotAtNoOtherTime) {
    EXPECT_EQ(set_snapshot(page), sbi_success);
    std::ranges::fill(memory(), 0xaa);
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(start(0b1000), sbi_success);
    EXPECT_EQ(stop(0b1000), sbi_success);
    EXPECT_EQ(set_snapshot(none, none), sbi_success);
    EXPECT_TRUE(std::ranges::all_of(memory(), [](std::uint8_t byte) { return byte == 0xaa; }));
}

TEST_F(SbiPmu, HasNoFurtherFunction) {
    EXPECT_EQ(pmu_call(PmuFunction{9}), unsupported);
    EXPECT_EQ(pmu_call(PmuFunction{none}), unsupported);
}

}  // namespace
}  // namespace mullion
