// SPDX-License-Identifier: Apache-2.0
#include "core/decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode_fixture.hpp"

namespace mullion {
namespace {

using decode_test::load;
using decode_test::load_unsigned;
using decode_test::store;

struct Sample {
    std::uint32_t word;
    std::string_view text;
    std::optional<MemoryAccess> access = std::nullopt;
};

// Words and texts as GNU as and objdump have them.
const std::vector<Sample> standard{
    {0x00050003U, "lb zero,0(a0)", load(1, 0, 4)},
    {0xfff58103U, "lb sp,-1(a1)", load(1, 2, 4)},
    {0x00251283U, "lh t0,2(a0)", load(2, 5, 4)},
    {0x00049003U, "lh zero,0(s1)", load(2, 0, 4)},
    {0x7ff5a503U, "lw a0,2047(a1)", load(4, 10, 4)},
    {0x00052003U, "lw zero,0(a0)", load(4, 0, 4)},
    {0x800fbd83U, "ld s11,-2048(t6)", load(8, 27, 4)},
    {0x00013103U, "ld sp,0(sp)", load(8, 2, 4)},
    {0x000fcf83U, "lbu t6,0(t6)", load_unsigned(1, 31, 4)},
    {0x00054003U, "lbu zero,0(a0)", load_unsigned(1, 0, 4)},
    {0x00475783U, "lhu a5,4(a4)", load_unsigned(2, 15, 4)},
    {0x00055103U, "lhu sp,0(a0)", load_unsigned(2, 2, 4)},
    {0x00476783U, "lwu a5,4(a4)", load_unsigned(4, 15, 4)},
    {0x00056083U, "lwu ra,0(a0)", load_unsigned(4, 1, 4)},
    {0x00050023U, "sb zero,0(a0)", store(1, 0, 4)},
    {0x01f782a3U, "sb t6,5(a5)", store(1, 31, 4)},
    {0xfea59f23U, "sh a0,-2(a1)", store(2, 10, 4)},
    {0x00259023U, "sh sp,0(a1)", store(2, 2, 4)},
    {0x00052023U, "sw zero,0(a0)", store(4, 0, 4)},
    {0x7ef72fa3U, "sw a5,2047(a4)", store(4, 15, 4)},
    {0x8021b023U, "sd sp,-2048(gp)", store(8, 2, 4)},
    {0x00143423U, "sd ra,8(s0)", store(8, 1, 4)},
    {0xaaaa2503U, "lw a0,-1366(s4)", load(4, 10, 4)},
    {0x55e9aaa3U, "sw t5,1365(s3)", store(4, 30, 4)},
    {0xffd21903U, "lh s2,-3(tp)", load(2, 18, 4)},
    {0x817090a3U, "sh s7,-2047(ra)", store(2, 23, 4)},
    {0x4d28b803U, "ld a6,1234(a7)", load(8, 16, 4)},
    {0xb3ac3723U, "sd s10,-1234(s8)", store(8, 26, 4)},
    {0x123ece03U, "lbu t3,291(t4)", load_unsigned(1, 28, 4)},
};

const std::vector<Sample> compressed{
    {0x4188U, "c.lw a0,0(a1)", load(4, 10, 2)},           {0x5fe0U, "c.lw s0,124(a5)", load(4, 8, 2)},
    {0x7cfcU, "c.ld a5,248(s1)", load(8, 15, 2)},         {0x6000U, "c.ld s0,0(s0)", load(8, 8, 2)},
    {0xc028U, "c.sw a0,64(s0)", store(4, 10, 2)},         {0xc384U, "c.sw s1,0(a5)", store(4, 9, 2)},
    {0xe698U, "c.sd a4,8(a3)", store(8, 14, 2)},          {0xfc7cU, "c.sd a5,248(s0)", store(8, 15, 2)},
    {0x4502U, "c.lwsp a0,0(sp)", load(4, 10, 2)},         {0x517eU, "c.lwsp sp,252(sp)", load(4, 2, 2)},
    {0x4f92U, "c.lwsp t6,4(sp)", load(4, 31, 2)},         {0x70feU, "c.ldsp ra,504(sp)", load(8, 1, 2)},
    {0x6102U, "c.ldsp sp,0(sp)", load(8, 2, 2)},          {0xc002U, "c.swsp zero,0(sp)", store(4, 0, 2)},
    {0xdf8aU, "c.swsp sp,252(sp)", store(4, 2, 2)},       {0xc07eU, "c.swsp t6,0(sp)", store(4, 31, 2)},
    {0xff82U, "c.sdsp zero,504(sp)", store(8, 0, 2)},     {0xe00aU, "c.sdsp sp,0(sp)", store(8, 2, 2)},
    {0xe46eU, "c.sdsp s11,8(sp)", store(8, 27, 2)},       {0x81c8U, "c.lbu a0,1(a1)", load_unsigned(1, 10, 2)},
    {0x85a8U, "c.lhu a0,2(a1)", load_unsigned(2, 10, 2)}, {0x85e8U, "c.lh a0,2(a1)", load(2, 10, 2)},
    {0x89c8U, "c.sb a0,1(a1)", store(1, 10, 2)},          {0x8da8U, "c.sh a0,2(a1)", store(2, 10, 2)},
    {0x4af0U, "c.lw a2,84(a3)", load(4, 12, 2)},          {0x5498U, "c.lw a4,40(s1)", load(4, 14, 2)},
    {0xcaf0U, "c.sw a2,84(a3)", store(4, 12, 2)},         {0x76d0U, "c.ld a2,168(a3)", load(8, 12, 2)},
    {0xe8b8U, "c.sd a4,80(s1)", store(8, 14, 2)},         {0x42d6U, "c.lwsp t0,84(sp)", load(4, 5, 2)},
    {0x52aaU, "c.lwsp t0,168(sp)", load(4, 5, 2)},        {0x79aaU, "c.ldsp s3,168(sp)", load(8, 19, 2)},
    {0x69d6U, "c.ldsp s3,336(sp)", load(8, 19, 2)},       {0xcaceU, "c.swsp s3,84(sp)", store(4, 19, 2)},
    {0xd54eU, "c.swsp s3,168(sp)", store(4, 19, 2)},      {0xf54eU, "c.sdsp s3,168(sp)", store(8, 19, 2)},
    {0xeaceU, "c.sdsp s3,336(sp)", store(8, 19, 2)},
};

const std::vector<Sample> others{
    {0x00052507U, "flw fa0,0(a0)"},
    {0x00053507U, "fld fa0,0(a0)"},
    {0x00a52027U, "fsw fa0,0(a0)"},
    {0x00a53027U, "fsd fa0,0(a0)"},
    {0x1005a52fU, "lr.w a0,(a1)"},
    {0x18c5b52fU, "sc.d a0,a2,(a1)"},
    {0x00c5a52fU, "amoadd.w a0,a2,(a1)"},
    {0x08c5b02fU, "amoswap.d zero,a2,(a1)"},
    {0x00150513U, "addi a0,a0,1"},
    {0x00000073U, "ecall"},
    {0x0ff0000fU, "fence iorw,iorw"},
    {0x000080e7U, "jalr ra,0(ra)"},
    {0x00000517U, "auipc a0,0x0"},
    {0x18051073U, "csrrw zero,satp,a0"},
    {0x2108U, "c.fld fa0,0(a0)"},
    {0xa108U, "c.fsd fa0,0(a0)"},
    {0x2502U, "c.fldsp fa0,0(sp)"},
    {0xa02aU, "c.fsdsp fa0,0(sp)"},
    {0x0505U, "c.addi a0,1"},
    {0x0001U, "c.addi zero,0"},
    {0x8082U, "c.jr ra"},
    {0x852eU, "c.mv a0,a1"},
    {0x9002U, "c.ebreak"},
    {0x0808U, "c.addi4spn a0,sp,16"},
    {0x02056007U, "vle32.v v0,(a0)"},
    {0x0045200fU, "cbo.zero (a0)"},
};

TEST(Decode, KnowsEveryStandardLoadAndStore) {
    for (const auto& sample : standard) {
        EXPECT_EQ(decode(sample.word), sample.access) << sample.text;
    }
}

TEST(Decode, KnowsEveryCompressedLoadAndStore) {
    for (const auto& sample : compressed) {
        EXPECT_EQ(decode(sample.word), sample.access) << sample.text;
    }
}

TEST(Decode, IgnoresWhatFollowsACompressedInstruction) {
    for (const auto& sample : compressed) {
        EXPECT_EQ(decode(sample.word | 0xffff0000U), sample.access) << sample.text;
    }
}

TEST(Decode, RefusesOtherInstructions) {
    for (const auto& sample : others) {
        EXPECT_EQ(decode(sample.word), std::nullopt) << sample.text;
    }
}

TEST(Decode, RefusesReservedWidths) {
    EXPECT_EQ(decode(0x00007003U), std::nullopt);  // LOAD, funct3 111
    for (const std::uint32_t width : {4, 5, 6, 7}) {
        EXPECT_EQ(decode(0x00000023U | width << 12), std::nullopt) << "STORE, funct3 " << width;
    }
}

TEST(Decode, RefusesReservedCompressedEncodings) {
    EXPECT_EQ(decode(0x4002U), std::nullopt) << "c.lwsp zero,0(sp)";
    EXPECT_EQ(decode(0x6002U), std::nullopt) << "c.ldsp zero,0(sp)";
    EXPECT_EQ(decode(0x8c40U), std::nullopt) << "c.sh with bit 6 set";
    EXPECT_EQ(decode(0x0000U), std::nullopt) << "defined illegal";
}

TEST(Decode, ReadsTheRegisterOfEveryStandardInstruction) {
    for (int reg = 0; reg < 32; ++reg) {
        const auto field = static_cast<std::uint32_t>(reg);
        EXPECT_EQ(decode(0x00052003U | field << 7), load(4, reg, 4));    // lw reg,0(a0)
        EXPECT_EQ(decode(0x00052023U | field << 20), store(4, reg, 4));  // sw reg,0(a0)
    }
}

TEST(Decode, ReadsTheRegisterOfEveryStackInstruction) {
    for (int reg = 0; reg < 32; ++reg) {
        const auto field = static_cast<std::uint32_t>(reg);
        EXPECT_EQ(decode(0xe002U | field << 2), store(8, reg, 2));  // c.sdsp reg,0(sp)
        if (reg != 0) {
            EXPECT_EQ(decode(0x6002U | field << 7), load(8, reg, 2));  // c.ldsp reg,0(sp)
        }
    }
}

TEST(Decode, DoesNotLookAtAddressAndOffset) {
    for (unsigned bit = 15; bit < 32; ++bit) {
        EXPECT_EQ(decode(0x00052503U ^ 1U << bit), load(4, 10, 4)) << "lw a0, bit " << bit;
        if (bit < 20 || bit >= 25) {
            EXPECT_EQ(decode(0x00a52023U ^ 1U << bit), store(4, 10, 4)) << "sw a0, bit " << bit;
        }
    }
}

// --- where the access is -------------------------------------------------------------------------------------------

/// Returns register values so far apart that no sum of one with an offset is a sum of another.
std::array<std::uint64_t, 32> registers() {
    std::array<std::uint64_t, 32> gpr{};
    for (std::uint64_t reg = 1; reg < gpr.size(); ++reg) {
        gpr[reg] = reg << 32 | reg << 16;
    }
    return gpr;
}

int number_of(std::string_view register_name) {
    constexpr std::array<std::string_view, 32> names{
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
        "a6",   "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    return static_cast<int>(std::ranges::find(names, register_name) - names.begin());
}

/// Returns the address that the text names as OFFSET(REGISTER).
std::uint64_t address_in(std::string_view text) {
    const auto comma = text.find(',') + 1;
    const auto open = text.find('(');
    const auto offset = std::strtoll(std::string(text.substr(comma, open - comma)).c_str(), nullptr, 10);
    const auto base = text.substr(open + 1, text.size() - open - 2);
    return registers().at(static_cast<std::size_t>(number_of(base))) + static_cast<std::uint64_t>(offset);
}

TEST(EffectiveAddress, IsWhatTheAssemblerMeans) {
    for (const auto* samples : {&standard, &compressed}) {
        for (const auto& sample : *samples) {
            EXPECT_EQ(effective_address(sample.word, registers()), address_in(sample.text)) << sample.text;
        }
    }
}

TEST(EffectiveAddress, HasEveryOffsetOfAStandardInstruction) {
    const auto base = registers()[10];
    for (int offset = -2048; offset < 2048; ++offset) {
        const auto field = static_cast<std::uint32_t>(offset);
        const auto address = base + static_cast<std::uint64_t>(std::int64_t{offset});
        ASSERT_EQ(effective_address(0x00052583U | field << 20, registers()), address) << offset << ", lw";
        ASSERT_EQ(effective_address(0x00b52023U | field >> 5 << 25 | (field & 31) << 7, registers()), address)
            << offset << ", sw";
    }
}

// Tries the immediates of every 16-bit load and store, bit by bit, as the figures of the C and Zcb chapters place them.
TEST(EffectiveAddress, HasEveryOffsetOfACompressedInstruction) {
    struct Row {
        unsigned mask, match;
        bool stack;
        std::array<int, 9> place;  ///< of each bit of the offset in the code; 0: the bit is 0
    };
    const Row rows[] = {
        {0xe003, 0x4000, false, {0, 0, 6, 10, 11, 12, 5}},       // c.lw
        {0xe003, 0x6000, false, {0, 0, 0, 10, 11, 12, 5, 6}},    // c.ld
        {0xe003, 0xc000, false, {0, 0, 6, 10, 11, 12, 5}},       // c.sw
        {0xe003, 0xe000, false, {0, 0, 0, 10, 11, 12, 5, 6}},    // c.sd
        {0xfc03, 0x8000, false, {6, 5}},                         // c.lbu
        {0xfc03, 0x8400, false, {0, 5}},                         // c.lhu, c.lh
        {0xfc03, 0x8800, false, {6, 5}},                         // c.sb
        {0xfc43, 0x8c00, false, {0, 5}},                         // c.sh
        {0xe003, 0x4002, true, {0, 0, 4, 5, 6, 12, 2, 3}},       // c.lwsp
        {0xe003, 0x6002, true, {0, 0, 0, 5, 6, 12, 2, 3, 4}},    // c.ldsp
        {0xe003, 0xc002, true, {0, 0, 9, 10, 11, 12, 7, 8}},     // c.swsp
        {0xe003, 0xe002, true, {0, 0, 0, 10, 11, 12, 7, 8, 9}},  // c.sdsp
    };
    for (unsigned code = 0; code <= 0xffff; ++code) {
        for (const auto& row : rows) {
            if ((code & row.mask) != row.match || !decode(code)) {
                continue;
            }
            auto expected = registers()[row.stack ? 2 : 8 + code / 128 % 8];
            for (unsigned bit = 0; bit < row.place.size(); ++bit) {
                expected += row.place[bit] == 0 ? 0 : (code >> row.place[bit] & 1) << bit;
            }
            ASSERT_EQ(effective_address(code, registers()), expected) << std::hex << code;
        }
    }
}

/// Tries an access of every width at every place about a border between pages, and each of its bytes as the one that
/// faulted.
TEST(BeginInPage, IsOfAccessesThatTouchOnePage) {
    constexpr std::uint64_t border = 0x1000'3000;
    for (const int bytes : {1, 2, 4, 8}) {
        for (std::uint64_t begin = border - 16; begin < border + 16; ++begin) {
            const auto last = begin + static_cast<unsigned>(bytes) - 1;
            const bool one_page = begin / page_size == last / page_size;
            for (auto fault = begin; fault <= last; ++fault) {
                const auto expected = one_page ? std::optional{Gpa{begin}} : std::nullopt;
                ASSERT_EQ(begin_in_page(load(bytes, 1, 4), Gpa{fault}, fault - begin), expected)
                    << bytes << " bytes at " << std::hex << begin << ", faulted at " << fault;
            }
        }
    }
}

/// Gives bytes outside of the access: another instruction was fetched than faulted, or htinst says what cannot be.
TEST(BeginInPage, IsNotOfBytesThatTheAccessDoesNotHave) {
    for (const int bytes : {1, 2, 4, 8}) {
        for (const std::uint64_t before : {bytes, bytes + 1, 31, 4095}) {
            EXPECT_EQ(begin_in_page(store(bytes, 1, 4), Gpa{0x1000'0800}, before), std::nullopt) << before;
        }
    }
}

TEST(LoadedValue, IsExtendedFromItsWidth) {
    constexpr std::uint64_t raw = 0x8182'8384'8586'8788U;
    EXPECT_EQ(loaded_value(load(1, 1, 4), raw), 0xffff'ffff'ffff'ff88U);
    EXPECT_EQ(loaded_value(load(2, 1, 4), raw), 0xffff'ffff'ffff'8788U);
    EXPECT_EQ(loaded_value(load(4, 1, 4), raw), 0xffff'ffff'8586'8788U);
    EXPECT_EQ(loaded_value(load(8, 1, 4), raw), raw);
    EXPECT_EQ(loaded_value(load_unsigned(1, 1, 4), raw), 0x88U);
    EXPECT_EQ(loaded_value(load_unsigned(2, 1, 4), raw), 0x8788U);
    EXPECT_EQ(loaded_value(load_unsigned(4, 1, 4), raw), 0x8586'8788U);
    EXPECT_EQ(loaded_value(load(1, 1, 4), 0x7f), 0x7fU);
}

TEST(InstructionLength, IsFourOnlyWithTheLowBitsSet) {
    for (unsigned first = 0; first <= 0xffff; ++first) {
        ASSERT_EQ(instruction_length(static_cast<std::uint16_t>(first)), (first & 3) == 3 ? 4U : 2U);
    }
}

// Compares every combination of the fields that matter in 32 bits with an independent reading of the base opcode map.
// The transformed form of each code has the same fields.
TEST(Decode, AgreesWithTheOpcodeMapOnEveryStandardCode) {
    for (std::uint32_t fields = 0; fields < 1U << 20; ++fields) {
        const auto opcode = fields % 128, funct3 = fields >> 7 & 7, rd = fields >> 10 & 31, rs2 = fields >> 15;
        const auto word = rs2 << 20 | funct3 << 12 | rd << 7 | opcode;
        std::optional<MemoryAccess> expected;
        if (opcode == 0x03 && funct3 != 7) {
            const int bytes[] = {1, 2, 4, 8, 1, 2, 4};
            expected = load(bytes[funct3], static_cast<int>(rd), 4);
            expected->sign_extend = funct3 < 4;
        } else if (opcode == 0x23 && funct3 < 4) {
            const int bytes[] = {1, 2, 4, 8};
            expected = store(bytes[funct3], static_cast<int>(rs2), 4);
        }
        if (opcode % 4 == 3) {
            ASSERT_EQ(decode(word), expected) << std::hex << word;
            ASSERT_EQ(decode_transformed(word), expected) << std::hex << word;
            if (expected) {
                expected->length = 2;
            }
            ASSERT_EQ(decode_transformed(word - 2), expected) << std::hex << word - 2;
        }
    }
}

// Compares every 16-bit code with an independent reading of the opcode maps of the C and Zcb chapters.
TEST(Decode, AgreesWithTheOpcodeMapOnEveryCompressedCode) {
    struct Row {
        unsigned mask, match;
        bool stack;  // register in bits 11:7 (load) or 6:2 (store), not a short one in 4:2
        MemoryAccess access;
    };
    const Row rows[] = {
        {0xe003, 0x4000, false, load(4, 0, 2)},           // c.lw
        {0xe003, 0x6000, false, load(8, 0, 2)},           // c.ld
        {0xe003, 0xc000, false, store(4, 0, 2)},          // c.sw
        {0xe003, 0xe000, false, store(8, 0, 2)},          // c.sd
        {0xfc03, 0x8000, false, load_unsigned(1, 0, 2)},  // c.lbu
        {0xfc43, 0x8400, false, load_unsigned(2, 0, 2)},  // c.lhu
        {0xfc43, 0x8440, false, load(2, 0, 2)},           // c.lh
        {0xfc03, 0x8800, false, store(1, 0, 2)},          // c.sb
        {0xfc43, 0x8c00, false, store(2, 0, 2)},          // c.sh
        {0xe003, 0x4002, true, load(4, 0, 2)},            // c.lwsp
        {0xe003, 0x6002, true, load(8, 0, 2)},            // c.ldsp
        {0xe003, 0xc002, true, store(4, 0, 2)},           // c.swsp
        {0xe003, 0xe002, true, store(8, 0, 2)},           // c.sdsp
    };
    for (unsigned code = 0; code <= 0xffff; ++code) {
        if ((code & 3) == 3) {
            continue;
        }
        std::optional<MemoryAccess> expected;
        for (const auto& row : rows) {
            if ((code & row.mask) != row.match) {
                continue;
            }
            expected = row.access;
            const auto reg = !row.stack ? (code >> 2) % 8 + 8 : (row.access.store ? code >> 2 : code >> 7) % 32;
            expected->reg = static_cast<std::uint8_t>(reg);
            if (row.stack && !row.access.store && reg == 0) {
                expected.reset();
            }
        }
        ASSERT_EQ(decode(code), expected) << std::hex << code;
    }
}

TEST(GuestPhysicalAddress, TakesItsLastBitsFromTheVirtualOne) {
    EXPECT_EQ(guest_physical_address(0x2000'0401, 0x3'0000'0007, 0), Gpa{0x8000'1007});
    EXPECT_EQ(guest_physical_address(0x2000'0401, 0x3'0000'0007, 0x2003), Gpa{0x8000'1007});
}

TEST(GuestPhysicalAddress, OfAPageTableHasNoneOfItsBits) {
    EXPECT_EQ(guest_physical_address(0x2000'0402, 0x3'0000'0007, 0x3000), Gpa{0x8000'1008});
    EXPECT_EQ(guest_physical_address(0x2000'0402, 0x3'0000'0007, 0x3020), Gpa{0x8000'1008});
}

TEST(GuestPhysicalAddress, IsZeroWhereTheHartDoesNotTell) {
    EXPECT_EQ(guest_physical_address(0, 0x3'0000'0007, 0), Gpa{});
}

}  // namespace
}  // namespace mullion
