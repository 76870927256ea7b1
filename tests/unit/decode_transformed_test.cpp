// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>

#include "core/decode.hpp"
#include "decode_fixture.hpp"

namespace mullion {
namespace {

using decode_test::load;
using decode_test::load_unsigned;
using decode_test::store;

TEST(TransformedInstruction, KeepsAccessAndRegisterOfAStandardInstruction) {
    EXPECT_EQ(decode_transformed(0x00002503U), load(4, 10, 4));
    EXPECT_EQ(decode_transformed(0x00004003U), load_unsigned(1, 0, 4));
    EXPECT_EQ(decode_transformed(0x00a03023U), store(8, 10, 4));
}

TEST(TransformedInstruction, TellsThatTheOriginalWasCompressed) {
    EXPECT_EQ(decode_transformed(0x00002501U), load(4, 10, 2));
    EXPECT_EQ(decode_transformed(0x00203021U), store(8, 2, 2));
}

TEST(TransformedInstruction, TellsHowFarBehindItsBeginItFaulted) {
    for (std::uint32_t offset = 0; offset < 32; ++offset) {
        EXPECT_EQ(decode_transformed(0x00002503U | offset << 15), load(4, 10, 4));
        EXPECT_EQ(address_offset(0x00002503U | offset << 15), offset);
        EXPECT_EQ(address_offset(0xfff07fffU | offset << 15), offset);
    }
}

TEST(TransformedInstruction, HasTheFormOfWordsOnlyAtItsFirstByte) {
    for (std::uint32_t offset = 1; offset < 32; ++offset) {
        for (const std::uint32_t length : {0, 2}) {
            EXPECT_FALSE(lw_or_sw.is_load((0x00002501U | length | offset << 15))) << offset;
            EXPECT_FALSE(lw_or_sw.is_store((0x00a02021U | length | offset << 15))) << offset;
        }
    }
}

TEST(TransformedInstruction, IsNotThereWhenZero) {
    EXPECT_EQ(decode_transformed(0), std::nullopt);
}

TEST(TransformedInstruction, RefusesWhatTheStandardLeavesOpen) {
    EXPECT_EQ(decode_transformed(0x1'0000'2503U), std::nullopt) << "high half not zero";
    EXPECT_EQ(decode_transformed(0x00002502U), std::nullopt) << "bits 1:0 are 10";
    EXPECT_EQ(decode_transformed(0x0000250bU), std::nullopt) << "custom-0";
    EXPECT_EQ(decode_transformed(0x00007003U), std::nullopt) << "reserved width";
}

TEST(TransformedInstruction, RefusesAtomicsAndFloatingPoint) {
    EXPECT_EQ(decode_transformed(0x00b5252fU), std::nullopt) << "amoadd.w a0,a1,(a0)";
    EXPECT_EQ(decode_transformed(0x00002507U), std::nullopt) << "flw fa0";
    EXPECT_EQ(decode_transformed(0x00a03027U), std::nullopt) << "fsd fa0";
    EXPECT_EQ(decode_transformed(0x00003505U), std::nullopt) << "c.fld fa0, transformed";
}

TEST(PageWalk, IsTheTwoPseudoinstructionsOfRv64) {
    EXPECT_TRUE(is_page_walk(0x3000));
    EXPECT_TRUE(is_page_walk(0x3020));
    EXPECT_EQ(decode_transformed(0x3000), std::nullopt);
    EXPECT_EQ(decode_transformed(0x3020), std::nullopt);
}

TEST(PageWalk, IsNothingElse) {
    for (const std::uint64_t value : {0x0ULL, 0x2000ULL, 0x2020ULL, 0x3003ULL, 0x3023ULL, 0x1'0000'3000ULL}) {
        EXPECT_FALSE(is_page_walk(value)) << value;
    }
}

// Compares the forms with decode_transformed(), for every combination of the fields that matter.
TEST(Decode, RecognisesTransformedAccessesOfWordsAndBytes) {
    for (std::uint32_t fields = 0; fields < 1U << 20; ++fields) {
        const auto opcode = fields % 128, funct3 = fields >> 7 & 7, rd = fields >> 10 & 31, rs2 = fields >> 15;
        const auto word = rs2 << 20 | funct3 << 12 | rd << 7 | opcode;
        const auto whole = decode_transformed(word);
        const bool lw = whole && !whole->store && whole->bytes == 4 && whole->sign_extend;
        const bool sw = whole && whole->store && whole->bytes == 4;
        ASSERT_EQ(lw_or_sw.is_load(word), lw) << std::hex << word;
        ASSERT_EQ(lw_or_sw.is_store(word), sw) << std::hex << word;
        const bool lb = whole && !whole->store && whole->bytes == 1;
        const bool sb = whole && whole->store && whole->bytes == 1;
        ASSERT_EQ(lb_or_sb.is_load(word), lb) << std::hex << word;
        ASSERT_EQ(lb_or_sb.is_store(word), sb) << std::hex << word;
        if (lw || sw || lb || sb) {
            ASSERT_EQ(whole->store ? store_source(word) : load_destination(word), whole->reg) << std::hex << word;
            ASSERT_EQ(transformed_length(word), whole->length) << std::hex << word;
        }
        if (lw || lb) {
            for (const std::uint32_t raw : {0x81U, 0x7fU, 0x8000'0000U}) {
                ASSERT_EQ(transformed_value(word, raw), loaded_value(*whole, raw)) << std::hex << word;
            }
        }
    }
    for (const auto& form : {lw_or_sw, lb_or_sb}) {
        EXPECT_FALSE(form.is_load(0x1'0000'0500U | form.load)) << "high half not zero";
        EXPECT_FALSE(form.is_store(0x8000'0000'00a0'0000U | form.store)) << "high half not zero";
    }
}

}  // namespace
}  // namespace mullion
