// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include <gmock/gmock.h>

namespace mullion::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint8_t rw = readable | writable;

std::vector<std::string> texts(const std::vector<Piece>& asked, const std::vector<Leaf>& reached) {
    std::vector<std::string> texts;
    for (const auto& mismatch : compare(asked, reached)) {
        texts.push_back(text_of(mismatch));
    }
    return texts;
}

TEST(Compare, IsSilentWhenAllIsAsAsked) {
    EXPECT_THAT(texts({{"memory", 0x1000, 0x8000, 0x3000, rw}},
                      {{0x1000, 0x8000, 0x1000, rw, true, {}}, {0x2000, 0x9000, 0x2000, rw, true, {}}}),
                IsEmpty());
    EXPECT_THAT(texts({}, {}), IsEmpty());
}

TEST(Compare, AcceptsALeafOverTwoPiecesThatMeet) {
    EXPECT_THAT(texts({{"a", 0x1000, 0x8000, 0x1000, rw}, {"b", 0x2000, 0x9000, 0x1000, rw}},
                      {{0x1000, 0x8000, 0x2000, rw, true, {}}}),
                IsEmpty());
}

TEST(Compare, TellsWhatNobodyAskedFor) {
    EXPECT_THAT(texts({}, {{0x1000, 0x8000, 0x1000, rw, true, {0x80, 0x20d7}}}),
                ElementsAre(", address 0x1000, entry at 0x80 = 0x00000000000020d7: 0x1000 bytes reach 0x8000 (rw-), "
                            "which nobody asked for"));
}

TEST(Compare, TellsOnceOfEachStretch) {
    const std::vector<Leaf> leaves{{0x1000, 0x8000, 0x1000, rw, true, {1, 1}},
                                   {0x2000, 0x9000, 0x1000, rw, true, {2, 2}},
                                   {0x3000, 0xb000, 0x1000, rw, true, {3, 3}}};
    const auto mismatches = compare({}, leaves);
    ASSERT_EQ(mismatches.size(), 2u);
    EXPECT_EQ(mismatches[0].entry, (TableEntry{1, 1}));
    EXPECT_EQ(mismatches[1].entry, (TableEntry{3, 3}));
}

TEST(Compare, TellsWhereALeafPassesItsPiece) {
    EXPECT_THAT(
        texts({{"memory", 0x1000, 0x8000, 0x1000, rw}}, {{0, 0x7000, 0x4000, rw, true, {}}}),
        ElementsAre(", address 0x0, entry at 0x0 = 0x0000000000000000: 0x1000 bytes reach 0x7000 (rw-), which "
                    "nobody asked for",
                    ", address 0x2000, entry at 0x0 = 0x0000000000000000: 0x2000 bytes reach 0x9000 (rw-), which "
                    "nobody asked for"));
}

TEST(Compare, TellsWhatIsNotReached) {
    EXPECT_THAT(texts({{"memory", 0x1000, 0x8000, 0x3000, rw}}, {{0x2000, 0x9000, 0x1000, rw, true, {}}}),
                ElementsAre(", address 0x1000: 0x1000 bytes of memory are not reached; they belong to 0x8000 (rw-)",
                            ", address 0x3000: 0x1000 bytes of memory are not reached; they belong to 0xa000 (rw-)"));
}

TEST(Compare, TellsOfAnotherPlaceAndOfOtherRights) {
    EXPECT_THAT(texts({{"memory", 0x1000, 0x8000, 0x1000, rw}}, {{0x1000, 0x9000, 0x1000, rw, true, {}}}),
                ElementsAre(", address 0x1000, entry at 0x0 = 0x0000000000000000: 0x1000 bytes of memory reach 0x9000 "
                            "instead of 0x8000"));
    EXPECT_THAT(texts({{"uart", 0x1000, 0x8000, 0x1000, rw}}, {{0x1000, 0x8000, 0x1000, rw | executable, true, {}}}),
                ElementsAre(", address 0x1000, entry at 0x0 = 0x0000000000000000: 0x1000 bytes of uart are rwx instead "
                            "of rw-"));
}

TEST(Compare, PassesOverLeavesThatHaveTheirFinding) {
    EXPECT_THAT(texts({{"memory", 0x1000, 0x8000, 0x1000, rw}}, {{0x1000, 0, 0x1000, 0, false, {}}}), IsEmpty());
}

TEST(Compare, ReachesTheLastAddress) {
    const auto top = ~std::uint64_t{0} - 0xfff;
    EXPECT_EQ(compare({}, {{top, 0x8000, 0x1000, rw, true, {}}}).size(), 1u);
}

}  // namespace
}  // namespace mullion::audit
