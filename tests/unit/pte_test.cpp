// SPDX-License-Identifier: Apache-2.0
#include "core/pte.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

TEST(Pte, FieldsFillTheEntryWithoutOverlap) {
    using namespace pte;
    EXPECT_EQ(V | R | W | X | U | G | A | D, 0xffu);
    EXPECT_EQ(RSW, 0x300u);
    EXPECT_EQ((V | R | W | X | U | G | A | D) ^ RSW ^ PPN ^ reserved ^ PBMT ^ N, ~std::uint64_t{0});
}

TEST(Pte, TargetIsWhatItWasMadeWith) {
    const auto entry = pte::make(0x00ff'ffff'ffff'f000, pte::V | pte::R);
    EXPECT_EQ(pte::target(entry), 0x00ff'ffff'ffff'f000u);
    EXPECT_EQ(entry & ~pte::PPN, pte::V | pte::R);
    EXPECT_EQ(pte::target(entry | pte::N | pte::PBMT | pte::reserved | pte::RSW), 0x00ff'ffff'ffff'f000u);
}

TEST(Pte, EachLevelMapsTheUsualSizes) {
    EXPECT_EQ(std::uint64_t{1} << pte::shift(0), 4 * kibi);
    EXPECT_EQ(std::uint64_t{1} << pte::shift(1), 2 * mebi);
    EXPECT_EQ(std::uint64_t{1} << pte::shift(2), gibi);
    EXPECT_EQ(std::uint64_t{1} << pte::shift(3), 512 * gibi);
}

}  // namespace
}  // namespace mullion
