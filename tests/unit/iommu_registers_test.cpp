// SPDX-License-Identifier: Apache-2.0
#include "core/iommu_registers.hpp"

#include <gtest/gtest.h>

namespace mullion::iommu {
namespace {

/// Fields at their bits, as the specification draws them.
TEST(IommuRegisters, HaveTheirFieldsWhereTheyAre) {
    EXPECT_EQ(ppn_field({0x8'1234'5000}), 0x81'2345ULL << 10);
    EXPECT_EQ(queue_base({0x8000'1000}, 1), 0x8'0001ULL << 10) << "two entries";
    EXPECT_EQ(queue_base({0x8000'1000}, 7), 0x8'0001ULL << 10 | 6);
    EXPECT_EQ(major_version(0x78e2cf0f10), 1u);
    EXPECT_EQ(major_version(0x2f), 2u);
    EXPECT_EQ(device_of(0xabcd'ef12'3456'789aULL), 0xab'cdefu);
}

TEST(IommuCommands, AreThoseOfTheSpecification) {
    constexpr auto opcode = [](const Command& command) { return command.words[0] & 0x7f; };
    constexpr auto function = [](const Command& command) { return command.words[0] >> 7 & 7; };
    EXPECT_EQ(opcode(inval_ddt), 3u);
    EXPECT_EQ(function(inval_ddt), 0u);
    EXPECT_EQ(inval_ddt.words[0] >> 33, 0u) << "DV: of all devices";
    EXPECT_EQ(opcode(inval_gvma), 1u);
    EXPECT_EQ(function(inval_gvma), 1u);
    EXPECT_EQ(inval_gvma.words[0] >> 10, 0u) << "AV, GV: of all addresses and guests";
    EXPECT_EQ(opcode(fence_all), 2u);
    EXPECT_EQ(function(fence_all), 0u);
    EXPECT_EQ(fence_all.words[0] >> 10, 0b1100u) << "PW, PR; no AV, no WSI";
}

}  // namespace
}  // namespace mullion::iommu
