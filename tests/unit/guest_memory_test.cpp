// SPDX-License-Identifier: Apache-2.0
#include "vm/guest_memory.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

constexpr Guest guest{.name = "alpha",
                      .harts = {},
                      .windows = fake_windows,
                      .loads = {},
                      .sources = {},
                      .devices = {},
                      .entry = {},
                      .tree = {}};
constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();

TEST(GuestMemory, FindsTheFirstAndTheLastByteOfAWindow) {
    EXPECT_EQ(find(guest, {0x8000'0000}, 1, Rights::r), Hpa{0xa000'0000});
    EXPECT_EQ(find(guest, {0x8000'1fff}, 1, Rights::r), Hpa{0xa000'1fff});
    EXPECT_EQ(find(guest, {0x8000'0000}, 0x2000, Rights::rwx), Hpa{0xa000'0000});
}

TEST(GuestMemory, FindsNothingOutsideTheWindows) {
    EXPECT_EQ(find(guest, {0x7fff'ffff}, 1, Rights::r), std::nullopt);
    EXPECT_EQ(find(guest, {0x8000'4000}, 1, Rights::r), std::nullopt);
    EXPECT_EQ(find(guest, {huge}, 1, Rights::r), std::nullopt);
}

TEST(GuestMemory, DoesNotFindInOnePieceWhatTwoWindowsHold) {
    EXPECT_EQ(find(guest, {0x8000'1fff}, 2, Rights::r), std::nullopt);
    EXPECT_EQ(find(guest, {0x8000'0000}, huge, Rights::r), std::nullopt);
}

TEST(GuestMemory, IsNeitherADeviceNorAnInterruptFile) {
    EXPECT_EQ(find(guest, {0x1000'0000}, 1, Rights::r), std::nullopt);
    EXPECT_EQ(find(guest, {0x9000'0000}, 1, Rights::r), std::nullopt);
}

TEST(GuestMemory, NeedsTheRightsThatTheUseNeeds) {
    EXPECT_EQ(find(guest, {0x8000'2000}, 1, Rights::rw), Hpa{0xc000'0000});
    EXPECT_EQ(find(guest, {0x8000'2000}, 1, Rights::rx), std::nullopt);
    EXPECT_EQ(find(guest, {0x8000'3000}, 1, Rights::rx), Hpa{0xd000'0000});
    EXPECT_EQ(find(guest, {0x8000'3000}, 1, Rights::rw), std::nullopt);
}

TEST(GuestMemory, GivesTheLongestPieceOfOneWindow) {
    EXPECT_EQ(find_piece(guest, {0x8000'1000}, huge, Rights::r), (HostRange{{0xa000'1000}, 0x1000}));
    EXPECT_EQ(find_piece(guest, {0x8000'1000}, 16, Rights::r), (HostRange{{0xa000'1000}, 16}));
}

TEST(GuestMemory, MayReachOverWindowsThatAdjoin) {
    EXPECT_TRUE(is_guest_memory(guest, {0x8000'0000}, 0x4000, Rights::r));
    EXPECT_FALSE(is_guest_memory(guest, {0x8000'0000}, 0x4001, Rights::r));
    EXPECT_TRUE(is_guest_memory(guest, {0x8000'0000}, 0x3000, Rights::rw));
    EXPECT_FALSE(is_guest_memory(guest, {0x8000'0000}, 0x3001, Rights::rw));
    EXPECT_FALSE(is_guest_memory(guest, {0x8000'0000}, huge, Rights::r));
}

TEST(GuestMemory, OfNoBytesIsEverywhere) {
    EXPECT_TRUE(is_guest_memory(guest, {0}, 0, Rights::rw));
}

std::vector<HostRange> pieces_to_clear(std::vector<Load> loads) {
    const Window window{{0x8000'0000}, {0xa000'0000}, 0x8000, Rights::rwx, WindowKind::memory};
    Guest loaded = guest;
    loaded.loads = loads;
    std::vector<HostRange> pieces;
    for_each_piece_to_clear(loaded, window, [&](HostRange piece) { pieces.push_back(piece); });
    return pieces;
}

TEST(MemoryToClear, IsTheWindowWithoutWholePagesOfImages) {
    using Pieces = std::vector<HostRange>;
    const Pieces all{{{0xa000'0000}, 0x8000}};
    EXPECT_EQ(pieces_to_clear({}), all);
    EXPECT_EQ(pieces_to_clear({{{0x8000'0fff}, 0, 0, 0x1000}}), all) << "a part of two pages";
    EXPECT_EQ(pieces_to_clear({{{0x8000'8000}, 0, 0, 0x2000}, {{0x7fff'e000}, 0, 0, 0x2000}}), all) << "in others";
    EXPECT_EQ(pieces_to_clear({{{0x8000'0000}, 0, 0, 0x8000}}), Pieces{});
    EXPECT_EQ(pieces_to_clear({{{0x8000'1fff}, 0, 0, 0x1fff}}),
              (Pieces{{{0xa000'0000}, 0x2000}, {{0xa000'3000}, 0x5000}}))
        << "its first byte and its last page's are cleared";
    // Out of order, side by side, and in one page.
    EXPECT_EQ(
        pieces_to_clear({{{0x8000'6000}, 0, 0, 0x1000},
                         {{0x8000'1000}, 0, 0, 0x1000},
                         {{0x8000'2000}, 0, 0, 0x1800},
                         {{0x8000'3800}, 0, 0, 0x1800}}),
        (Pieces{{{0xa000'0000}, 0x1000}, {{0xa000'3000}, 0x1000}, {{0xa000'5000}, 0x1000}, {{0xa000'7000}, 0x1000}}));
}

TEST(Entry, IsAnInstructionInExecutableMemory) {
    EXPECT_TRUE(is_entry(guest, {0x8000'0000}));
    EXPECT_TRUE(is_entry(guest, {0x8000'1ffe}));
    EXPECT_TRUE(is_entry(guest, {0x8000'3000}));
    EXPECT_FALSE(is_entry(guest, {0x8000'0001}));
    EXPECT_FALSE(is_entry(guest, {0x8000'2000}));
    EXPECT_FALSE(is_entry(guest, {0x9000'0000}));
    EXPECT_FALSE(is_entry(guest, {0x7fff'fffe}));
}

}  // namespace
}  // namespace mullion
