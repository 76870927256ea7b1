// SPDX-License-Identifier: Apache-2.0
#include "core/address.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace mullion {
namespace {

static_assert(!std::is_convertible_v<Gpa, Hpa> && !std::is_constructible_v<Hpa, Gpa>);
static_assert(!std::is_convertible_v<std::uint64_t, Hpa> && !std::is_convertible_v<Hpa, std::uint64_t>);

TEST(Address, KeepsItsSpaceThroughArithmetic) {
    constexpr Hpa base{0x8000'0000};
    EXPECT_EQ((base + 0x1000).value, 0x8000'1000u);
    EXPECT_EQ((base - 0x1000).value, 0x7fff'f000u);
    EXPECT_EQ((base + 0x1000) - base, 0x1000u);
    EXPECT_LT(base, base + 1);
}

TEST(Address, AlignsToPowersOfTwo) {
    EXPECT_EQ(align_up(0x1001, page_size), 0x2000u);
    EXPECT_EQ(align_up(0x1000, page_size), 0x1000u);
    EXPECT_EQ(align_down(0x1fff, page_size), 0x1000u);
    EXPECT_TRUE(is_aligned(0x20'0000, 2 * mebi));
    EXPECT_FALSE(is_aligned(0x20'1000, 2 * mebi));
}

constexpr HostRange range{{0x1000}, 0x2000};

TEST(Range, ContainsFromItsBaseToBeforeItsEnd) {
    EXPECT_FALSE(range.contains({0xfff}));
    EXPECT_TRUE(range.contains({0x1000}));
    EXPECT_TRUE(range.contains({0x2fff}));
    EXPECT_FALSE(range.contains({0x3000}));
}

TEST(Range, ContainsOnlyWhatFitsWhole) {
    EXPECT_TRUE(range.contains({0x1000}, 0x2000));
    EXPECT_FALSE(range.contains({0x1001}, 0x2000));
    EXPECT_FALSE(range.contains({0x1000}, 0x2001));
    EXPECT_FALSE(range.contains({0x2000}, ~std::uint64_t{0})) << "an end that wraps is no end inside";
}

TEST(Range, OverlapsWhatSharesAByte) {
    EXPECT_TRUE(range.overlaps({{0x2fff}, 1}));
    EXPECT_TRUE(range.overlaps({{0}, 0x1001}));
    EXPECT_TRUE(range.overlaps({{0}, 0x10000}));
    EXPECT_FALSE(range.overlaps({{0x3000}, 0x1000}));
    EXPECT_FALSE(range.overlaps({{0}, 0x1000}));
}

TEST(Range, OverlapsNothingWhenEmpty) {
    EXPECT_FALSE(range.overlaps({{0x1800}, 0}));
    EXPECT_FALSE((HostRange{{0x1800}, 0}.overlaps(range)));
}

}  // namespace
}  // namespace mullion
