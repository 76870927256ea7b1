// SPDX-License-Identifier: Apache-2.0
#include "core/pmu_numbers.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

TEST(CounterSet, NamesBitsAmongTheCounters) {
    EXPECT_EQ((CounterSet{0, 0b101}.among(3)), 0b101U);
    EXPECT_EQ((CounterSet{2, 1}.among(3)), 0b100U);
    EXPECT_EQ((CounterSet{0, ~std::uint64_t{0}}.among(64)), ~std::uint64_t{0});
    EXPECT_EQ((CounterSet{63, 1}.among(64)), std::uint64_t{1} << 63);
    EXPECT_EQ((CounterSet{~std::uint64_t{0}, 0}.among(3)), 0U);
}

TEST(CounterSet, HasNothingBehindTheLastOne) {
    EXPECT_FALSE((CounterSet{0, 0b1000}.among(3)));
    EXPECT_FALSE((CounterSet{3, 1}.among(3)));
    EXPECT_FALSE((CounterSet{2, 0b11}.among(3)));
    EXPECT_FALSE((CounterSet{1, ~std::uint64_t{0}}.among(64)));
    EXPECT_FALSE((CounterSet{~std::uint64_t{0}, 0b10}.among(3)));
}

TEST(Conforms, KnowsTheEncodings) {
    for (const std::uint64_t index : {0x0U, 0xaU, 0x10000U, 0x10035U, 0x20000U, 0x30000U, 0xf0000U, 0xfffffU}) {
        EXPECT_TRUE(conforms(index)) << std::hex << index;
    }
    for (const std::uint64_t index : {0xbUL, 0x10006UL, 0x10036UL, 0x10038UL, 0x20001UL, 0x30001UL, 0x40000UL,
                                      0xe0000UL, 0x100000UL, 0x1'0000'0000UL}) {
        EXPECT_FALSE(conforms(index)) << std::hex << index;
    }
}

TEST(CounterNumber, IsThatOfACounterCsrButNotTime) {
    EXPECT_EQ(counter_number(0xc00), 0U);
    EXPECT_EQ(counter_number(0xc1f), 31U);
    for (const auto csr : {0xc01U, 0xbffU, 0xc20U, 0U}) {
        EXPECT_FALSE(counter_number(csr)) << std::hex << csr;
    }
}

}  // namespace
}  // namespace mullion
