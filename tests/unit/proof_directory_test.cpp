// SPDX-License-Identifier: Apache-2.0
#include "core/proof_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "../proof/altered.hpp"
#include "core/check.hpp"

namespace mullion::proof {
namespace {

using altered::d;
using altered::l;
constexpr auto& sound = altered::directory;

ProofResult judge(const auto& words) {
    return prove_directory(d, l, words, altered::roots, altered::hgatp);
}

TEST(Directory, HoldsAsItIsBuilt) {
    EXPECT_FALSE(first_finding(d)) << "the fixture is lawful";
    EXPECT_TRUE(judge(sound).holds());
    EXPECT_EQ(sound.size(), 10u * 512);
}

/// Nothing of what is there is there for nothing, and nothing may be added.
TEST(Directory, NoticesEachBitOfItsWords) {
    auto words = sound;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_used = words[i] != 0;
        for (std::size_t bit = is_used ? 0 : i % 64; bit < 64; bit += is_used ? 1 : 64) {
            words[i] ^= std::uint64_t{1} << bit;
            EXPECT_FALSE(judge(words).holds()) << "bit " << bit << " of word " << i;
            words[i] = sound[i];
        }
    }
}

/// Words of a context in each format, with V first (RISC-V IOMMU, "Device-context").
TEST(Directory, NoticesEachBitOfAContext) {
    auto words = sound;
    for (const auto& [context, size] : {std::pair{altered::extended_context(0x10), std::size_t{8}},
                                        std::pair{altered::base_context(0x18), std::size_t{4}}}) {
        for (auto i = context; i < context + size; ++i) {
            for (unsigned bit = 0; bit < 64; ++bit) {
                words[i] ^= std::uint64_t{1} << bit;
                EXPECT_FALSE(judge(words).holds()) << "bit " << bit << " of word " << i - context;
                words[i] = sound[i];
            }
        }
    }
}

TEST(Directory, NoticesIdsOfMoreThan24Bits) {
    auto words = sound;
    words[altered::base_root + 256] = words[altered::base_root];
    words[altered::base_root] = 0;
    EXPECT_EQ(judge(words).verdict, Verdict::stray_bits);
}

TEST(Directory, NoticesAnIdOfTwoFunctions) {
    auto shared = d;
    std::array guests{d.guests[0], d.guests[1]};
    const std::array same{d.guests[1].functions[0]};
    guests[0].functions = same;
    shared.guests = guests;
    const auto words = build_directory<directory_words(d)>(shared, l.directory.base, altered::hgatp);
    EXPECT_EQ(prove_directory(shared, l, words, altered::roots, altered::hgatp).verdict, Verdict::device_let_through);
}

TEST(Directory, NoticesAGuestWithoutATree) {
    constexpr std::array<std::uint64_t, 4> none{};
    const auto words = build_directory<directory_words(d)>(d, l.directory.base, none);
    EXPECT_EQ(prove_directory(d, l, words, altered::roots, none).verdict, Verdict::wrong_root);
}

TEST(Directory, LetsNothingThroughWithoutFunctions) {
    auto without = d;
    std::array guests{d.guests[0], d.guests[1]};
    guests[0].functions = {};
    guests[1].functions = {};
    without.guests = guests;
    auto small = l;
    small.directory.size = 4096;
    std::array<std::uint64_t, 512> words{};
    const std::array roots{l.directory.base, l.directory.base};
    EXPECT_EQ(directory_words(without), words.size());
    EXPECT_TRUE(prove_directory(without, small, words, roots, altered::hgatp).holds());
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = std::uint64_t{1} << i % 64;
        EXPECT_FALSE(prove_directory(without, small, words, roots, altered::hgatp).holds()) << i;
        words[i] = 0;
    }
}

TEST(Directory, IsOfTheLayoutsSize) {
    auto other = l;
    other.directory.size -= 4096;
    EXPECT_EQ(prove_directory(d, other, sound, altered::roots, altered::hgatp).verdict, Verdict::layout);
}

TEST(Directory, IsWhereTheIommuIsTold) {
    auto roots = altered::roots;
    std::swap(roots[0], roots[1]);
    EXPECT_FALSE(prove_directory(d, l, sound, roots, altered::hgatp).holds());
    roots = altered::roots;
    roots[0] = roots[0] + 8;
    EXPECT_FALSE(prove_directory(d, l, sound, roots, altered::hgatp).holds());
}

}  // namespace
}  // namespace mullion::proof
