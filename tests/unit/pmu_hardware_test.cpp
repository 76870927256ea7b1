// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu_hardware.hpp"

#include <gtest/gtest.h>

#include "pmu_fixture.hpp"

namespace mullion {
namespace {

using namespace pmu_config;

using PmuHardware = PmuGuest;

constexpr std::uint64_t all_counters = (1 << 13) - 1;
constexpr auto outside_guest = set_minh | set_sinh | set_uinh;

TEST_F(PmuHardware, FindsTheCountersThatAreThere) {
    EXPECT_EQ(pmu.hardware, 0b11101U);
    EXPECT_EQ(pmu.count(), 13U);
    EXPECT_EQ(pmu.general, 0b110U);
    EXPECT_EQ(pmu.cache, std::uint64_t{1} << 0x19);
}

TEST_F(PmuHardware, ClearsWhatTheFirmwareLeft) {
    Pmu other;
    for (auto& [index, it] : firmware.hardware) {
        it = {.csr = it.csr, .events = it.events, .value = 99};
    }
    discover_counters(other, port);
    reset_counters(other, port);
    for (const auto& [index, it] : firmware.hardware) {
        EXPECT_EQ(it.value, 0U) << index;
    }
}

TEST_F(PmuHardware, LeavesOutACounterThatCannotBeRead) {
    Pmu other;
    firmware.unreadable = 4;
    discover_counters(other, port);
    EXPECT_EQ(other.hardware, 0b1101U);
}

TEST_F(PmuHardware, TakesNoCsrThatIsNoCounter) {
    for (const auto csr : {0xc01U, 0xc20U, 0xb00U, 0U}) {
        Pmu other;
        firmware.hardware.at(4).csr = csr;
        discover_counters(other, port);
        EXPECT_EQ(other.hardware, 0b1101U) << std::hex << csr;
    }
}

TEST_F(PmuHardware, IsEmptyWithoutTheFirmwaresExtension) {
    Pmu other;
    firmware.present = false;
    discover_counters(other, port);
    EXPECT_EQ(other.hardware, 0U);
    EXPECT_EQ(other.count(), own_counters);
    EXPECT_EQ(other.general | other.cache, 0U);
}

TEST_F(PmuHardware, CountsItsGuestAlone) {
    EXPECT_EQ(configure(all_counters, FakePmu::misses), counter(3));
    EXPECT_EQ(firmware.hardware.at(3).flags, outside_guest);
    EXPECT_EQ(configure(all_counters, FakePmu::misses, set_uinh), counter(4));
    EXPECT_EQ(firmware.hardware.at(4).flags, outside_guest | set_vuinh);
    EXPECT_EQ(configure(0b10000, FakePmu::misses, set_sinh | set_vuinh | set_vsinh | set_minh), counter(4));
    EXPECT_EQ(firmware.hardware.at(4).flags, outside_guest | set_vsinh);
}

TEST_F(PmuHardware, ForwardsNoCounterThatIsNotAmongThoseNamed) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    for (const auto& call : firmware.configured) {
        EXPECT_EQ(call.set, (CounterSet{0, 0b1000}));
    }
    EXPECT_EQ(pmu_call(PmuFunction::counter_config_matching, 4, 1, 0, FakePmu::misses), counter(4));
    EXPECT_EQ(firmware.configured.back().set, (CounterSet{0, 0b10000}));
}

TEST_F(PmuHardware, DistrustsAnAnswerThatWasNotAskedFor) {
    firmware.ignores_mask = true;
    EXPECT_EQ(configure(0b1000, FakePmu::misses), unsupported);
    EXPECT_EQ(pmu.configured, 0U);
}

TEST_F(PmuHardware, RefusesEventsThatNoCounterMonitorsWithoutAskingTheFirmware) {
    for (const std::uint64_t event : {0x0UL, 0x3UL, 0xbUL, 0x10000UL, 0x10038UL, 0x1001eUL, 0x20001UL, 0x30001UL,
                                      0x40000UL, 0x100001UL, std::uint64_t{1} << 32 | 1, ~0UL}) {
        EXPECT_EQ(configure(all_counters, event), unsupported) << std::hex << event;
    }
    EXPECT_EQ(configure(all_counters, 1, 0, 1), unsupported);
    EXPECT_EQ(configure(all_counters, FakePmu::misses, 0, 1), unsupported);
    EXPECT_EQ(configure(all_counters, FakePmu::raw, 0, std::uint64_t{1} << 48), unsupported);
    EXPECT_EQ(configure(all_counters, 0x30000, 0, std::uint64_t{1} << 58), unsupported);
    EXPECT_TRUE(firmware.configured.empty());
}

/// event_idx is 20 bits wide. Type and code of the event are valid; so are those of firmware events, which Mullion
/// counts.
TEST_F(PmuHardware, RefusesEventsWithABitAboveTheTwenty) {
    for (unsigned bit = 20; bit < 64; ++bit) {
        for (const std::uint64_t event : {1UL, FakePmu::misses, FakePmu::raw, 0x30000UL, 0xf0005UL}) {
            const auto with_bit = std::uint64_t{1} << bit | event;
            EXPECT_EQ(configure(all_counters, with_bit), unsupported) << std::hex << with_bit;
            EXPECT_EQ(forwarded(pmu, {with_bit}), std::nullopt) << std::hex << with_bit;
            EXPECT_FALSE(conforms(with_bit)) << std::hex << with_bit;
        }
    }
    EXPECT_TRUE(firmware.configured.empty());
}

TEST_F(PmuHardware, HandsOnRawEventsOfBothKinds) {
    EXPECT_EQ(configure(all_counters, FakePmu::raw, 0, 0xffff'ffff'ffff), counter(3));
    EXPECT_EQ(firmware.configured.back().event, (PmuEvent{FakePmu::raw, 0xffff'ffff'ffff}));
    // Firmware before SBI 3.0: the second kind is the first one, as long as it fits.
    EXPECT_EQ(configure(0b1000, 0x30000, 0, 0x1234), counter(3));
    EXPECT_EQ(firmware.configured.back().event, (PmuEvent{FakePmu::raw, 0x1234}));
    EXPECT_EQ(configure(0b1000, 0x30000, 0, std::uint64_t{1} << 48), unsupported);
    pmu.takes_raw_v2 = true;
    EXPECT_EQ(forwarded(pmu, {0x30000, std::uint64_t{1} << 48}), (PmuEvent{0x30000, std::uint64_t{1} << 48}));
}

TEST_F(PmuHardware, TakesACounterWithoutAnEventFirstThenOneThatIsNotStarted) {
    EXPECT_EQ(configure(0b11000, FakePmu::misses), counter(3));
    EXPECT_EQ(configure(0b11000, FakePmu::misses), counter(4));
    EXPECT_EQ(start(0b1000), sbi_success);
    EXPECT_EQ(configure(0b11000, 1), counter(4));
    EXPECT_EQ(firmware.hardware.at(4).event, cpu_cycles);
    EXPECT_TRUE(firmware.hardware.at(3).started);
    EXPECT_EQ(start(0b10000), sbi_success);
    EXPECT_EQ(configure(0b11000, FakePmu::misses), unsupported);
}

TEST_F(PmuHardware, PutsAnEventBackThatNoOtherCouldReplace) {
    EXPECT_EQ(configure(0b10000, FakePmu::misses, set_uinh), counter(4));
    EXPECT_EQ(configure(0b10000, FakePmu::raw), unsupported);
    EXPECT_EQ(firmware.hardware.at(4).event, (PmuEvent{FakePmu::misses}));
    EXPECT_EQ(firmware.hardware.at(4).flags, outside_guest | set_vuinh);
    EXPECT_EQ(start(0b10000), sbi_success);
}

TEST_F(PmuHardware, RunsCycleAndInstretUntilSomebodyWantsThem) {
    EXPECT_TRUE(firmware.hardware.at(0).started);
    EXPECT_TRUE(firmware.hardware.at(2).started);
    EXPECT_EQ(configure(1, 2), unsupported);
    EXPECT_TRUE(firmware.hardware.at(0).started);
    EXPECT_EQ(configure(1, 1), counter(0));
    EXPECT_FALSE(firmware.hardware.at(0).started);
    EXPECT_EQ(start(1, pmu_start::set_init_value, 7), sbi_success);
    EXPECT_EQ(firmware.hardware.at(0).value, 7U);
    EXPECT_EQ(configure(1, 1), unsupported);
    EXPECT_EQ(stop(0b101), sbi_success);
    EXPECT_FALSE(firmware.hardware.at(2).started);
}

TEST_F(PmuHardware, SkipsTheMatchForTheFirstCounterOfTheSet) {
    EXPECT_EQ(configure(0b11000, FakePmu::misses, skip_match), counter(3));
    EXPECT_EQ(start(0b1000), sbi_success);
    EXPECT_EQ(configure(0b11000, 1, skip_match), counter(3));
    EXPECT_EQ(firmware.hardware.at(3).event, cpu_cycles);
    EXPECT_FALSE(firmware.hardware.at(3).started);
    EXPECT_EQ(configure(0b11000, 2, skip_match), unsupported);
    EXPECT_EQ(configure(0, 1, skip_match), unsupported);
}

TEST_F(PmuHardware, ClearsAndStartsOnlyWhatItConfigured) {
    firmware.hardware.at(3).value = 99;
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    EXPECT_EQ(firmware.hardware.at(3).value, 99U);
    EXPECT_EQ(configure(0b1000, FakePmu::misses, clear_value), counter(3));
    EXPECT_EQ(firmware.hardware.at(3).value, 0U);
    EXPECT_FALSE(firmware.hardware.at(3).started);
    firmware.hardware.at(3).value = 99;
    EXPECT_EQ(configure(0b1000, FakePmu::misses, auto_start), counter(3));
    EXPECT_TRUE(firmware.hardware.at(3).started);
    EXPECT_EQ(firmware.hardware.at(3).value, 99U);
    EXPECT_EQ(start(0b1000), sbi_failure(SbiError::already_started));
    EXPECT_EQ(configure(0b10000, FakePmu::misses, clear_value | auto_start), counter(4));
    EXPECT_TRUE(firmware.hardware.at(4).started);
}

TEST_F(PmuHardware, TellsWhatTheFirmwareRefuses) {
    EXPECT_EQ(configure(0b1000, FakePmu::misses), counter(3));
    firmware.refuses_start = true;
    EXPECT_EQ(start(0b1000), sbi_failure(SbiError::failed));
    EXPECT_EQ(configure(0b1000, FakePmu::misses, auto_start), sbi_failure(SbiError::failed));
    firmware.refuses_start = false;
    EXPECT_EQ(start(0b1000), sbi_success);
}

TEST_F(PmuHardware, LeavesNothingForTheNextLife) {
    EXPECT_EQ(configure(0b1000, FakePmu::raw, auto_start, 5), counter(3));
    EXPECT_EQ(configure(0b10000, FakePmu::misses), counter(4));
    EXPECT_EQ(configure(1, 1), counter(0));
    for (const auto i : {0U, 2U, 3U, 4U}) {
        firmware.hardware.at(i).value = 1000 + i;
    }
    EXPECT_EQ(stop(0b10000, pmu_stop::reset), sbi_failure(SbiError::already_stopped));  // it keeps its value
    EXPECT_EQ(configure(0b10, ipi_sent, auto_start), counter(1));
    EXPECT_EQ(harts[0].has_settings, 1U);
    reset_counters(pmu, port);
    for (const auto i : {0U, 2U, 3U, 4U}) {
        EXPECT_EQ(firmware.hardware.at(i).value, 0U) << i;
        EXPECT_EQ(firmware.hardware.at(i).started, i < 3) << i;
        EXPECT_EQ(firmware.hardware.at(i).event.has_value(), i < 3) << i;
    }
    EXPECT_EQ(pmu.hardware, 0b11101U);
    EXPECT_EQ(pmu.started, 0b101U);
    EXPECT_EQ(pmu.configured | pmu.used, 0U);
    EXPECT_EQ(start(0b10), invalid);
    EXPECT_EQ(read(1), 0U);
}

}  // namespace
}  // namespace mullion
