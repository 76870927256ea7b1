// SPDX-License-Identifier: Apache-2.0
#include "core/stage2_trace.hpp"

#include <gtest/gtest.h>

#include "../proof/description.hpp"
#include "core/layout_of.hpp"
#include "core/stage2.hpp"

namespace mullion {
namespace {

constexpr const Description& d = generated::description;
constexpr auto l = layout_of(d);
constexpr auto words = build_stage2<stage2_size(d) / 8>(d, l);
constexpr auto hgatp_of = hgatp_values<4>(d, l);
constexpr std::uint64_t alpha_hgatp = hgatp_of[3];

std::uint64_t load(Hpa at) {
    return words.at((at - l.stage2.base) / 8);  // throws outside of the tables
}

Stage2Trace trace(std::uint64_t address, std::uint64_t hgatp = alpha_hgatp) {
    return {hgatp, Gpa{address}, load};
}

TEST(Stage2Trace, GoesDownToAPage) {
    const auto way = trace(0x9000'1234);
    ASSERT_EQ(way.steps().size(), 3u);
    for (unsigned i = 0; i < 3; ++i) {
        const auto& step = way.steps()[i];
        EXPECT_EQ(step.level, 2 - i);
        EXPECT_EQ(step.index, 0x9000'1234ULL >> pte::shift(2 - i) & 511);
        EXPECT_EQ(step.entry, load(step.at));
        EXPECT_EQ(step.is_leaf(), i == 2);
        EXPECT_EQ(step.is_table(), i != 2);
    }
    EXPECT_EQ(way.target(), Hpa{0x9100'1234});
}

TEST(Stage2Trace, KeepsTheOffsetWithinALargePage) {
    EXPECT_EQ(trace(0x8012'3456).steps().size(), 2u);
    EXPECT_EQ(trace(0x8012'3456).target(), Hpa{0x9012'3456});
    EXPECT_EQ(trace(0x1'2345'6789).steps().size(), 1u);
    EXPECT_EQ(trace(0x1'2345'6789).target(), Hpa{0x1'2345'6789});
}

TEST(Stage2Trace, FindsEveryWindowOfEveryHart) {
    for (const auto& guest : d.guests) {
        for (const auto hart : guest.harts) {
            for (const auto& window : guest.windows) {
                EXPECT_EQ(trace(window.at.value, hgatp_of[hart]).target(), window.to);
                EXPECT_EQ(trace(window.guest().end().value - 1, hgatp_of[hart]).target(), window.host().end() - 1);
            }
        }
    }
}

TEST(Stage2Trace, EndsAtAnEntryThatLeadsNowhere) {
    const auto way = trace(0x9000'3000);
    ASSERT_EQ(way.steps().size(), 3u);
    EXPECT_FALSE(way.steps()[2].is_leaf());
    EXPECT_FALSE(way.steps()[2].is_table());
    EXPECT_EQ(way.target(), std::nullopt);
    EXPECT_EQ(trace(0x4000'0000).steps().size(), 1u);
}

TEST(Stage2Trace, UsesTheWideIndexOfTheRoot) {
    constexpr auto last = (std::uint64_t{1} << 41) - 1;
    ASSERT_EQ(trace(last).steps().size(), 1u);
    EXPECT_EQ(trace(last).steps()[0].index, 2047u);
}

TEST(Stage2Trace, HasNoStepForAnAddressThatIsTooWide) {
    EXPECT_TRUE(trace(std::uint64_t{1} << 41).steps().empty());
    EXPECT_TRUE(trace(~std::uint64_t{0}).steps().empty());
}

TEST(Stage2Trace, HasNoStepWithoutATree) {
    EXPECT_TRUE(trace(0x8000'0000, 0).steps().empty());
}

/// Follows a table that leads to itself, where only the number of levels ends the walk.
TEST(Stage2Trace, EndsInATreeThatDoesNot) {
    for (const std::uint64_t mode : {8U, 9U, 10U}) {
        const auto circle = [](Hpa) { return pte::make(0x4000, pte::V); };
        const Stage2Trace way(mode << 60 | 4, Gpa{0}, circle);
        EXPECT_EQ(way.steps().size(), mode - 5);
        EXPECT_EQ(way.target(), std::nullopt);
    }
}

}  // namespace
}  // namespace mullion
