// SPDX-License-Identifier: Apache-2.0
#include "core/proof.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "../proof/altered.hpp"

namespace mullion::proof {
namespace {

using altered::alpha_hart;
using altered::d;
using altered::l;

// Checks that no alteration at all goes unseen; tests/proof has the messages of single ones.

ProofResult prove2(const decltype(altered::stage2)& words) {
    return prove_stage2(d, l, words, altered::hgatp);
}
ProofResult prove1(const decltype(altered::stage1)& words) {
    return prove_stage1<own_limit(d)>(d, l, words, altered::rows);
}

template <class Words, class Prove>
void expect_every_flip_is_found(Words words, Prove prove) {
    ASSERT_TRUE(prove(words).holds());
    for (auto& word : words) {
        for (unsigned bit = 0; word != 0 && bit < 64; ++bit) {
            const auto before = word;
            word ^= std::uint64_t{1} << bit;
            EXPECT_FALSE(prove(words).holds()) << "bit " << bit << " of word " << &word - words.data();
            word = before;
        }
    }
}

template <class Words, class Prove>
void expect_every_added_entry_is_found(Words words, std::uint64_t entry, std::size_t step, Prove prove) {
    for (std::size_t i = 0; i < words.size(); i += step) {
        if (words[i] == 0) {
            words[i] = entry;
            EXPECT_FALSE(prove(words).holds()) << "word " << i;
            words[i] = 0;
        }
    }
}

TEST(Stage2Proof, FindsEverySingleBit) {
    expect_every_flip_is_found(altered::stage2, prove2);
}

TEST(Stage1Proof, FindsEverySingleBit) {
    expect_every_flip_is_found(altered::stage1, prove1);
}

TEST(Stage2Proof, FindsEveryAddedLeaf) {
    // 1 GiB of alpha's own memory: aligned for a leaf of any level.
    expect_every_added_entry_is_found(altered::stage2, 0x1'0000'0000 / 4096 << 10 | 0xdf, 1, prove2);
}

TEST(Stage1Proof, FindsEveryAddedLeaf) {
    expect_every_added_entry_is_found(altered::stage1, 0x1'0000'0000 / 4096 << 10 | 0xc7, 3, prove1);
}

TEST(Stage2Proof, FindsEveryAddedTable) {
    // alpha's first lower table.
    const auto table = altered::stage2[altered::stage2_entry(alpha_hart, 0x10'1000, 2)];
    expect_every_added_entry_is_found(altered::stage2, table, 1, prove2);
}

TEST(Stage2Proof, FindsTwoLeavesThatAreSwapped) {
    auto words = altered::stage2;
    std::swap(words[altered::stage2_entry(alpha_hart, 0x8000'0000)],
              words[altered::stage2_entry(alpha_hart, 0x8020'0000)]);
    EXPECT_EQ(prove2(words), (ProofResult{Verdict::misplaced, alpha_hart, 0x8000'0000}));
}

TEST(Stage2Proof, NamesTheHartAndTheAddress) {
    const auto words = altered::stage2_flipped(altered::beta_hart, 0x8040'0000, 1 << 6, 2);
    EXPECT_EQ(prove2(words), (ProofResult{Verdict::table_bits, altered::beta_hart, 0x8000'0000}));
    EXPECT_EQ(prove2(altered::stage2_flipped(alpha_hart, 0x9000'2000, 1 << 2)),
              (ProofResult{Verdict::writable, alpha_hart, 0x9000'2000}));
}

TEST(Stage2Proof, WantsARootOfItsOwnForEachHart) {
    auto values = altered::hgatp;
    const auto refused = [&](std::size_t hart, std::uint64_t value) {
        values = altered::hgatp;
        values[hart] = value;
        return prove_stage2(d, l, altered::stage2, values).verdict == Verdict::wrong_root;
    };
    const auto good = altered::hgatp[alpha_hart];
    EXPECT_FALSE(refused(alpha_hart, good));
    EXPECT_TRUE(refused(alpha_hart, 0)) << "Bare";
    EXPECT_TRUE(refused(alpha_hart, good ^ std::uint64_t{1} << 58)) << "reserved bits";
    EXPECT_TRUE(refused(alpha_hart, good + 1)) << "a root that is not aligned to 16 KiB";
    EXPECT_TRUE(refused(alpha_hart, good - (std::uint64_t{1} << 44))) << "VMID 0";
    EXPECT_TRUE(refused(alpha_hart, good + 0x1000)) << "outside the section";
    EXPECT_TRUE(refused(alpha_hart, (good & ~std::uint64_t{0xfff'ffff'ffff}) | 4)) << "before the section";
    EXPECT_TRUE(refused(alpha_hart, altered::hgatp[3])) << "a sibling's root";
}

TEST(Stage2Proof, WantsNothingOfAHartWithoutAGuest) {
    auto one = d;
    one.guests = one.guests.first(1);
    const auto layout = layout_of(one);
    const auto words = build_stage2<altered::stage2.size()>(one, layout);
    auto values = hgatp_values<4>(one, layout);
    EXPECT_TRUE(prove_stage2(one, layout, words, values).holds());
    values[0] = values[1];
    EXPECT_EQ(prove_stage2(one, layout, words, values), (ProofResult{Verdict::wrong_root, 0, 0}));
}

TEST(Stage2Proof, WantsUnusedTablesToBeZero) {
    auto words = build_stage2<altered::stage2.size() + 512>(d, l);
    EXPECT_TRUE(prove_stage2(d, l, words, altered::hgatp).holds());
    words.back() = 2;
    EXPECT_EQ(prove_stage2(d, l, words, altered::hgatp).verdict, Verdict::stray_bits);
}

/// One guest with one window, in every mode.
TEST(Stage2Proof, HoldsInEveryMode) {
    static constexpr std::uint32_t own[]{2, 0};
    for (const unsigned bits : {31, 45, 55}) {
        const std::array<Window, 1> windows{
            {{{std::uint64_t{1} << bits}, {0x9000'0000}, 64 * mebi + page_size, Rights::rwx, WindowKind::memory}}};
        std::array<Guest, 1> guests{};
        guests[0].harts = own;
        guests[0].windows = windows;
        auto one = d;
        one.guests = guests;
        const auto layout = layout_of(one);
        auto words = build_stage2<(1 << 20) / 8>(one, layout);
        const auto values = hgatp_values<4>(one, layout);
        EXPECT_EQ(values[2] >> 60, static_cast<std::uint64_t>(g_stage_mode(one)));
        EXPECT_TRUE(prove_stage2(one, layout, words, values).holds()) << bits;
        words[stage2_size(one) / 8 - 1] = 1;
        EXPECT_FALSE(prove_stage2(one, layout, words, values).holds()) << bits;
    }
}

}  // namespace
}  // namespace mullion::proof
