// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/hart_mask.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using Harts = std::vector<std::uint32_t>;

Harts named(FakeGuest& fake, HartMask mask) {
    Harts harts;
    mask.for_each(fake.harts, [&](VCpu& vcpu) { harts.push_back(vcpu.index); });
    return harts;
}

TEST(HartMask, NamesHartsFromItsBase) {
    FakeGuest fake;
    EXPECT_EQ(named(fake, {0b101, 0}), (Harts{0, 2}));
    EXPECT_EQ(named(fake, {0b11, 1}), (Harts{1, 2}));
    EXPECT_EQ(named(fake, {0b1, 2}), (Harts{2}));
}

TEST(HartMask, WithBaseMinusOneNamesAllHartsAndIgnoresTheBits) {
    FakeGuest fake;
    for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        EXPECT_TRUE((HartMask{bits, sbi_all_harts}.valid_for(3)));
        EXPECT_EQ(named(fake, {bits, sbi_all_harts}), (Harts{0, 1, 2}));
    }
}

TEST(HartMask, IsInvalidWithAnyHartThatTheGuestLacks) {
    EXPECT_TRUE((HartMask{0b111, 0}.valid_for(3)));
    EXPECT_FALSE((HartMask{0b1000, 0}.valid_for(3)));
    EXPECT_FALSE((HartMask{0b1001, 0}.valid_for(3)));
    EXPECT_FALSE((HartMask{0b11, 2}.valid_for(3)));
    EXPECT_FALSE((HartMask{1, 3}.valid_for(3)));
    EXPECT_FALSE((HartMask{std::uint64_t{1} << 63, 0}.valid_for(3)));
    EXPECT_FALSE((HartMask{std::uint64_t{1} << 63, 2}.valid_for(3)));
}

TEST(HartMask, DoesNotWrapAround) {
    EXPECT_FALSE((HartMask{0b1000, sbi_all_harts - 1}.valid_for(3)));  // -2 + 3 = 1
}

TEST(HartMask, OfNoHartIsValidWhateverItsBase) {
    FakeGuest fake;
    for (const std::uint64_t base : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{64}, sbi_all_harts - 1}) {
        EXPECT_TRUE((HartMask{0, base}.valid_for(3)));
        EXPECT_EQ(named(fake, {0, base}), Harts{});
    }
}

TEST(HartMask, ReachesHartsBeyondTheFirst64) {
    EXPECT_TRUE((HartMask{~std::uint64_t{0}, 0}.valid_for(130)));
    EXPECT_TRUE((HartMask{~std::uint64_t{0}, 66}.valid_for(130)));
    EXPECT_FALSE((HartMask{~std::uint64_t{0}, 67}.valid_for(130)));
    EXPECT_TRUE((HartMask{1, 129}.valid_for(130)));
    EXPECT_FALSE((HartMask{1, 130}.valid_for(130)));
}

TEST(HartMaskIsOnly, AHartNamedAlone) {
    EXPECT_TRUE((HartMask{0b100, 0}.is_only(2)));
    EXPECT_TRUE((HartMask{1, 70}.is_only(70)));
    EXPECT_TRUE((HartMask{std::uint64_t{1} << 63, 7}.is_only(70)));
}

TEST(HartMaskIsOnly, NotWithOthersNotAnotherNotNone) {
    EXPECT_FALSE((HartMask{0b101, 0}.is_only(2)));
    EXPECT_FALSE((HartMask{0b010, 0}.is_only(2)));
    EXPECT_FALSE((HartMask{0, 0}.is_only(0)));
    EXPECT_FALSE((HartMask{1, 3}.is_only(2)));
    EXPECT_FALSE((HartMask{0b100, ~std::uint64_t{0} - 1}.is_only(0))) << "the base and the bit wrap around";
    EXPECT_FALSE((HartMask{1, 0}.is_only(64)));
    EXPECT_FALSE((HartMask{~std::uint64_t{0}, sbi_all_harts}.is_only(0)));
}

}  // namespace
}  // namespace mullion
