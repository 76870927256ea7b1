// SPDX-License-Identifier: Apache-2.0
#include "core/aplic_registers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>

namespace mullion {
namespace {

// The table of AIA 4.5, element by element.
std::map<std::uint32_t, AplicLocation> table() {
    using enum AplicRegister;
    std::map<std::uint32_t, AplicLocation> map;
    for (const auto single : {domaincfg, setipnum, clripnum, setienum, clrienum, setipnum_le, setipnum_be, genmsi}) {
        map[static_cast<std::uint32_t>(single)] = {single, 0};
    }
    for (const auto array : {sourcecfg, target}) {
        for (std::uint32_t source = 1; source <= max_source; ++source) {
            map[aplic_offset_of_source(array, source)] = {array, source};
        }
    }
    for (const auto array : {setip, in_clrip, setie, clrie}) {
        for (std::uint32_t word = 0; word < aplic_word_count; ++word) {
            map[aplic_offset_of_word(array, word)] = {array, word};
        }
    }
    return map;
}

TEST(AplicRegisters, LieWhereTheSpecificationHasThem) {
    using enum AplicRegister;
    EXPECT_EQ(aplic_offset_of_source(sourcecfg, 1), 0x0004U);
    EXPECT_EQ(aplic_offset_of_source(sourcecfg, 1023), 0x0ffcU);
    EXPECT_EQ(aplic_offset_of_source(target, 1), 0x3004U);
    EXPECT_EQ(aplic_offset_of_source(target, 1023), 0x3ffcU);
    EXPECT_EQ(aplic_offset_of_word(setip, 31), 0x1c7cU);
    EXPECT_EQ(aplic_offset_of_word(in_clrip, 31), 0x1d7cU);
    EXPECT_EQ(aplic_offset_of_word(setie, 31), 0x1e7cU);
    EXPECT_EQ(aplic_offset_of_word(clrie, 31), 0x1f7cU);
}

TEST(AplicRegisters, TellWhoseTargetOneIs) {
    for (std::uint32_t offset = 0; offset < 2 * idc::structures; offset += 4) {
        const auto at = locate_aplic_register(offset);
        const bool is_target = at && at->reg == AplicRegister::target;
        ASSERT_EQ(aplic_target_index(offset), is_target ? at->index : 0) << std::hex << offset;
    }
}

TEST(AplicRegisters, AreFoundAtTheirOffsetsAndNowhereElse) {
    const auto expected = table();
    for (std::uint32_t offset = 0; offset < 2 * idc::structures; offset += 4) {
        const auto entry = expected.find(offset);
        ASSERT_EQ(locate_aplic_register(offset), entry == expected.end() ? std::nullopt : std::optional{entry->second})
            << std::hex << offset;
    }
    EXPECT_EQ(locate_aplic_register(0xffff'fffcU), std::nullopt);
}

TEST(SourceMode, TakesEveryDefinedEncoding) {
    EXPECT_EQ(source_mode(0), SourceMode::inactive);
    EXPECT_EQ(source_mode(1), SourceMode::detached);
    EXPECT_EQ(source_mode(4), SourceMode::edge1);
    EXPECT_EQ(source_mode(5), SourceMode::edge0);
    EXPECT_EQ(source_mode(6), SourceMode::level1);
    EXPECT_EQ(source_mode(7), SourceMode::level0);
}

TEST(SourceMode, IsInactiveForReservedEncodings) {
    EXPECT_EQ(source_mode(2), SourceMode::inactive);
    EXPECT_EQ(source_mode(3), SourceMode::inactive);
}

TEST(SourceMode, IsInactiveWhenALeafDomainWouldDelegate) {
    EXPECT_EQ(source_mode(1U << 10 | 4), SourceMode::inactive);
}

TEST(SourceMode, IgnoresReservedBits) {
    EXPECT_EQ(source_mode(0xffff'fbf8U | 6), SourceMode::level1);
}

TEST(RectifiedInput, FollowsTheWireOrItsInverse) {
    for (const bool wire : {false, true}) {
        EXPECT_EQ(rectified_input(SourceMode::edge1, wire), wire);
        EXPECT_EQ(rectified_input(SourceMode::level1, wire), wire);
        EXPECT_EQ(rectified_input(SourceMode::edge0, wire), !wire);
        EXPECT_EQ(rectified_input(SourceMode::level0, wire), !wire);
    }
}

TEST(RectifiedInput, IsLowWhileInactiveOrDetached) {
    for (const bool wire : {false, true}) {
        EXPECT_FALSE(rectified_input(SourceMode::inactive, wire));
        EXPECT_FALSE(rectified_input(SourceMode::detached, wire));
    }
}

TEST(AplicTarget, HasItsFieldsInPlace) {
    EXPECT_EQ((AplicTarget{.hart = 0x3fff}.bits()), 0xfffc'0000U);
    EXPECT_EQ((AplicTarget{.guest_index = 0x3f}.bits()), 0x0003'f000U);
    EXPECT_EQ((AplicTarget{.eiid = 0x7ff}.bits()), 0x0000'07ffU);
}

TEST(AplicTarget, DropsTheReservedBit) {
    EXPECT_EQ(AplicTarget::of(0xffff'ffffU), (AplicTarget{0x3fff, 0x3f, 0x7ff}));
    EXPECT_EQ(AplicTarget::of(0xffff'ffffU).bits(), 0xffff'f7ffU);
}

}  // namespace
}  // namespace mullion
