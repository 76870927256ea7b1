// SPDX-License-Identifier: Apache-2.0
#include "core/stage2.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "../proof/description.hpp"
#include "core/layout_of.hpp"

namespace mullion {
namespace {

constexpr const Description& d = generated::description;
constexpr auto l = layout_of(d);
constexpr auto words = build_stage2<stage2_size(d) / 8>(d, l);
constexpr auto values = hgatp_values<4>(d, l);

/// A description with one guest and these windows.
class OneGuest {
 public:
    explicit OneGuest(std::vector<Window> windows) : windows_(std::move(windows)) {
        guest_.harts = hart_;
        guest_.windows = windows_;
    }
    Description description() const {
        auto one = d;
        one.guests = {&guest_, 1};
        return one;
    }

 private:
    std::array<std::uint32_t, 1> hart_{2};
    std::vector<Window> windows_;
    Guest guest_{};
};

GStageMode mode_for_page_at(std::uint64_t at) {
    return g_stage_mode(OneGuest({{{at}, {0x9000'0000}, page_size, Rights::rw, WindowKind::memory}}).description());
}

TEST(GStageMode, IsTheSmallestThatReachesEveryWindow) {
    EXPECT_EQ(mode_for_page_at(0), GStageMode::sv39x4);
    EXPECT_EQ(mode_for_page_at((std::uint64_t{1} << 41) - page_size), GStageMode::sv39x4);
    EXPECT_EQ(mode_for_page_at(std::uint64_t{1} << 41), GStageMode::sv48x4);
    EXPECT_EQ(mode_for_page_at((std::uint64_t{1} << 50) - page_size), GStageMode::sv48x4);
    EXPECT_EQ(mode_for_page_at(std::uint64_t{1} << 50), GStageMode::sv57x4);
    EXPECT_EQ(mode_for_page_at((std::uint64_t{1} << 59) - page_size), GStageMode::sv57x4);
}

TEST(GStageMode, EncodesAsHgatpDoes) {
    EXPECT_EQ(static_cast<unsigned>(GStageMode::sv39x4), 8u);
    EXPECT_EQ(static_cast<unsigned>(GStageMode::sv48x4), 9u);
    EXPECT_EQ(static_cast<unsigned>(GStageMode::sv57x4), 10u);
    EXPECT_EQ(levels_of(GStageMode::sv39x4), 3u);
    EXPECT_EQ(levels_of(GStageMode::sv57x4), 5u);
}

TEST(Stage2, HasARootForEachHartOfAGuestAndSharesTheRest) {
    EXPECT_EQ(stage2_root_count(d), 4u);
    // alpha: 2 MiB around the device, 2 MiB around the files, their GiB; 2 MiB around the read-only pages, their GiB.
    // beta: the files' GiB and 2 MiB, the memory's GiB.
    EXPECT_EQ(stage2_size(d), 4 * 16 * kibi + (5 + 3) * page_size);
}

TEST(Stage2, GivesHartsOfOneGuestEqualRoots) {
    const auto root = [](std::size_t i) { return words.begin() + static_cast<std::ptrdiff_t>(i * 2048); };
    EXPECT_TRUE(std::equal(root(0), root(1), root(1)));
    EXPECT_TRUE(std::equal(root(2), root(3), root(3)));
    EXPECT_FALSE(std::equal(root(1), root(2), root(2)));
}

TEST(Stage2, LeavesHaveTheBitsThatNoHardwareWritesTo) {
    const auto leaf = Stage2Mappings{d.guests[0].windows}[0];
    EXPECT_EQ(leaf.bits, 0b1101'0111u) << "D A U and W R V; neither G nor X";
}

TEST(Hgatp, NamesModeVmidAndTheHartsOwnRoot) {
    const auto root = l.stage2.base.value / page_size;
    EXPECT_EQ(values[3], std::uint64_t{8} << 60 | std::uint64_t{1} << 44 | root);
    EXPECT_EQ(values[1], std::uint64_t{8} << 60 | std::uint64_t{1} << 44 | (root + 4));
    EXPECT_EQ(values[0], std::uint64_t{8} << 60 | std::uint64_t{2} << 44 | (root + 8));
    EXPECT_EQ(values[2], std::uint64_t{8} << 60 | std::uint64_t{2} << 44 | (root + 12));
}

TEST(Hgatp, IsZeroForAHartWithoutAGuest) {
    const OneGuest one({{{0x8000'0000}, {0x9000'0000}, page_size, Rights::rw, WindowKind::memory}});
    const auto alone = hgatp_values<4>(one.description(), layout_of(one.description()));
    EXPECT_EQ(alone[0], 0u);
    EXPECT_NE(alone[2], 0u);
}

}  // namespace
}  // namespace mullion
