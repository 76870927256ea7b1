// SPDX-License-Identifier: Apache-2.0
#include "core/source_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint32_t> members(const SourceSet& set) {
    std::vector<std::uint32_t> found;
    set.for_each([&](std::uint32_t source) { found.push_back(source); });
    return found;
}

TEST(SourceSet, StartsEmpty) {
    EXPECT_THAT(members({}), IsEmpty());
}

TEST(SourceSet, HoldsWhatWasInsertedInAscendingOrder) {
    SourceSet set;
    for (const std::uint32_t source : {1023, 32, 31, 1, 64}) {
        set.insert(source);
    }
    EXPECT_THAT(members(set), ElementsAre(1, 31, 32, 64, 1023));
    EXPECT_TRUE(set.contains(31));
    EXPECT_FALSE(set.contains(30));
}

TEST(SourceSet, ForgetsWhatWasErased) {
    SourceSet set;
    set.insert(40);
    set.insert(41);
    set.erase(40);
    EXPECT_THAT(members(set), ElementsAre(41));
}

TEST(SourceSet, AssignsBothWays) {
    SourceSet set;
    set.assign(7, true);
    set.assign(7, true);
    EXPECT_TRUE(set.contains(7));
    set.assign(7, false);
    EXPECT_FALSE(set.contains(7));
}

TEST(SourceSet, HasNoMemberBeyondTheHighest) {
    SourceSet set;
    set.insert(1);
    for (const std::uint32_t source : {max_source + 1, 1025U, 0x8000'0001U, 0xffff'ffffU}) {
        EXPECT_FALSE(set.contains(source)) << source;
    }
}

TEST(SourceSet, ShowsItsWords) {
    SourceSet set;
    set.insert(33);
    set.insert(63);
    EXPECT_EQ(set.word(0), 0U);
    EXPECT_EQ(set.word(1), 0x8000'0002U);
    EXPECT_EQ(set.word(31), 0U);
    EXPECT_EQ(set.word(32), 0U) << "beyond the last";
}

TEST(SourceSet, VisitsTheSelectedMembersOfAWord) {
    SourceSet set;
    for (const std::uint32_t source : {1, 33, 34, 63, 65}) {
        set.insert(source);
    }
    std::vector<std::uint32_t> found;
    set.for_each_in(1, 0x8000'0003U, [&](std::uint32_t source) { found.push_back(source); });
    EXPECT_THAT(found, ElementsAre(33, 63));
}

TEST(SourceSet, TakesAWholeWord) {
    SourceSet set;
    set.insert(40);
    set.set_word(1, 1U << 31 | 1);
    EXPECT_THAT(members(set), ElementsAre(32, 63));
}

TEST(LowestBit, IsFoundUnderAnythingAbove) {
    for (std::uint32_t n = 0; n < 32; ++n) {
        EXPECT_EQ(lowest_bit(std::uint32_t{1} << n), n);
        EXPECT_EQ(lowest_bit(~std::uint32_t{0} << n), n);
    }
}

}  // namespace
}  // namespace mullion
