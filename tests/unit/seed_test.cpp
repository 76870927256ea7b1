// SPDX-License-Identifier: Apache-2.0
#include "core/seed.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mullion {
namespace {

constexpr Digest some{1, 2, 3};

TEST(SeedPool, IsEmptyUntilSomethingIsAdded) {
    SeedPool pool;
    EXPECT_TRUE(pool.empty());
    pool.add(some);
    EXPECT_FALSE(pool.empty());
    EXPECT_FALSE(SeedPool{some}.empty());
}

TEST(SeedPool, GivesNoSeedTwiceAndNoneThatIsItsState) {
    SeedPool pool{some};
    std::set<Digest> seen{some};
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(seen.insert(pool.draw()).second);
    }
}

/// Draws thirty pools from one, as each guest's pool is drawn from Mullion's, and seeds from each.
TEST(SeedPool, DrawnPoolsHaveNothingInCommon) {
    SeedPool root{some};
    std::set<Digest> seen;
    for (int guest = 0; guest < 30; ++guest) {
        SeedPool pool{root.draw()};
        for (int start = 0; start < 30; ++start) {
            EXPECT_TRUE(seen.insert(pool.draw()).second);
        }
    }
}

TEST(SeedPool, IsTheSameFromTheSameBeginning) {
    SeedPool one{some};
    SeedPool other{some};
    EXPECT_EQ(one.draw(), other.draw());
    EXPECT_EQ(one.draw(), other.draw());
}

TEST(SeedPool, EachByteThatIsAddedCounts) {
    std::set<Digest> seen;
    for (std::size_t byte = 0; byte < some.size(); ++byte) {
        SeedPool pool{some};
        Digest noise{};
        noise[byte] = 1;
        pool.add(noise);
        EXPECT_TRUE(seen.insert(pool.draw()).second) << byte;
    }
}

TEST(SeedPool, AddsToWhatIsThere) {
    SeedPool one{some};
    SeedPool other;
    one.add(some);
    other.add(some);
    EXPECT_NE(one.draw(), other.draw());
}

}  // namespace
}  // namespace mullion
