// SPDX-License-Identifier: Apache-2.0
#include "core/csr_access.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

struct Word {
    const char* mnemonic;
    std::uint32_t code;
    CsrAccess access;
};

TEST(CsrAccess, EveryFormIsDecoded) {
    constexpr Word words[]{
        {"csrrw a0, sireg, a1", 0x15159573, {0x151, 10}},
        {"csrrs t6, sireg, x0", 0x15102ff3, {0x151, 31, false}},
        {"csrrc x0, cycle, a0", 0xc0053073, {0xc00, 0}},
        {"csrrwi a0, sstatus, 3", 0x1001d573, {0x100, 10}},
        {"csrrsi x0, sip, 2", 0x14416073, {0x144, 0}},
        {"csrrci s0, 0xfff, 31", 0xfffff473, {0xfff, 8}},
        {"csrrw a0, sscratch, x0", 0x14001573, {0x140, 10}},
        {"csrrci a0, scountovf, 0", 0xda007573, {0xda0, 10, false}},
    };
    for (const auto& word : words) {
        EXPECT_EQ(decode_csr_access(word.code), word.access) << word.mnemonic;
    }
}

TEST(CsrAccess, OtherInstructionsAreNot) {
    constexpr std::uint32_t ecall = 0x00000073;
    constexpr std::uint32_t hlv_w = 0x68054573;
    constexpr std::uint32_t addi = 0x00000013;
    for (const auto code : {ecall, hlv_w, addi, 0U, ~0U}) {
        EXPECT_EQ(decode_csr_access(code), std::nullopt) << std::hex << code;
    }
}

}  // namespace
}  // namespace mullion
