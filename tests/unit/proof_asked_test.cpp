// SPDX-License-Identifier: Apache-2.0
#include "core/proof_asked.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "../proof/altered.hpp"

namespace mullion::proof {
namespace {

using altered::d;
using altered::l;

/// Proves the fixture with one of alpha's windows changed.
Verdict verdict_with(std::size_t index, const Window& window) {
    std::vector<Window> windows(std::begin(generated::alpha_windows), std::end(generated::alpha_windows));
    windows.at(index) = window;
    std::vector<Guest> guests(d.guests.begin(), d.guests.end());
    guests[0].windows = windows;
    auto changed = d;
    changed.guests = guests;
    return prove_windows(changed, layout_of(d)).verdict;
}

constexpr Window memory_at(std::uint64_t to) {
    return {{0x8000'0000}, {to}, 0x20'0000, Rights::rwx, WindowKind::memory};
}

TEST(Windows, OfTheFixtureAreAsTheyMustBe) {
    EXPECT_TRUE(prove_windows(d, l).holds());
}

TEST(Windows, MayNotMeetTheNeighboursMemory) {
    EXPECT_EQ(verdict_with(3, memory_at(0x93e0'0000)), Verdict::holds);
    EXPECT_EQ(verdict_with(3, memory_at(0x93e0'1000)), Verdict::asked_shared);
    EXPECT_EQ(verdict_with(3, memory_at(0x947f'f000)), Verdict::asked_shared);
    EXPECT_EQ(verdict_with(3, memory_at(0x9480'0000)), Verdict::holds);
}

TEST(Windows, MayNotMeetTheHypervisorOrTheFirmware) {
    EXPECT_EQ(verdict_with(3, memory_at(0x8000'0000)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(3, memory_at(l.text.base.value)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(3, memory_at(l.end().value - page_size)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(3, memory_at(l.end().value)), Verdict::holds);
}

TEST(Windows, MayNotMeetControllersOrSupervisorFiles) {
    const auto device = [](std::uint64_t to) {
        return Window{{0x10'1000}, {to}, page_size, Rights::rw, WindowKind::device};
    };
    EXPECT_EQ(verdict_with(0, device(0x1000'0000)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(0, device(0x0d00'7000)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(0, device(0x0d00'8000)), Verdict::holds);
    EXPECT_EQ(verdict_with(0, device(0x0301'0000)), Verdict::asked_reserved) << "the IOMMU";
    EXPECT_EQ(verdict_with(0, device(0x0301'1000)), Verdict::holds);
    EXPECT_EQ(verdict_with(0, device(0x2800'2000)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(0, {{0x10'1000}, {0x27ff'f000}, 0x2000, Rights::rw, WindowKind::device}),
              Verdict::asked_reserved)
        << "the second of two pages";
    EXPECT_EQ(verdict_with(0, device(0x2800'1000)), Verdict::asked_shared) << "beta's guest interrupt file";
}

/// Proves the fixture on a board with a PLIC, without windows of interrupt files; `window`, if it has a size, is added.
ProofResult wired(const Window& window) {
    std::vector<std::vector<Window>> windows;
    std::vector<Guest> guests(d.guests.begin(), d.guests.end());
    for (auto& guest : guests) {
        auto& own = windows.emplace_back(guest.windows.begin(), guest.windows.end());
        std::erase_if(own, [](const Window& w) { return w.kind == WindowKind::interrupt_file; });
    }
    if (window.size != 0) {
        windows[0].insert(windows[0].begin() + 1, window);
    }
    for (std::size_t i = 0; i < guests.size(); ++i) {
        guests[i].windows = windows[i];
    }
    auto board = d;
    board.guests = guests;
    board.board.imsic = {};
    board.board.aplic = {};
    board.board.plic = {{0xc00'0000}, 0x60'0000, 95};
    const auto layout = layout_of(board);
    if (const auto found = prove_windows(board, layout); !found.holds()) {
        return found;
    }
    const auto first = build_stage1<altered::stage1.size()>(board, layout);
    const auto found = prove_stage1<own_limit(d)>(board, layout, first, boot_rows<4>(board, layout));
    const auto second = build_stage2<altered::stage2.size()>(board, layout);
    return found.holds() ? prove_stage2(board, layout, second, hgatp_values<4>(board, layout)) : found;
}

TEST(Windows, HaveNoInterruptFilesWithoutAnImsic) {
    EXPECT_TRUE(wired({}).holds());
    const Window file{{0x2800'0000}, {0x2800'7000}, page_size, Rights::rw, WindowKind::interrupt_file};
    EXPECT_EQ(wired(file), (ProofResult{Verdict::asked_reserved, 0, 0x2800'0000}));
    // The pages that held a hart's files may then be a device's.
    EXPECT_TRUE(wired({{0x2800'0000}, {0x2800'0000}, page_size, Rights::rw, WindowKind::device}).holds());
}

TEST(Windows, MayNotMeetThePlic) {
    const auto device = [](std::uint64_t to) {
        return Window{{0x2800'0000}, {to}, page_size, Rights::rw, WindowKind::device};
    };
    EXPECT_EQ(wired(device(0xc00'0000)).verdict, Verdict::asked_reserved);
    EXPECT_EQ(wired(device(0xc5f'f000)).verdict, Verdict::asked_reserved);
    EXPECT_TRUE(wired(device(0xc60'0000)).holds());
}

TEST(Windows, AreExecutableOnlyAsMemory) {
    EXPECT_EQ(verdict_with(0, {{0x10'1000}, {0x10'1000}, page_size, Rights::rwx, WindowKind::device}),
              Verdict::asked_rights);
    EXPECT_EQ(verdict_with(1, {{0x2800'0000}, {0x2800'7000}, page_size, Rights::rx, WindowKind::interrupt_file}),
              Verdict::asked_rights);
}

TEST(Windows, AreWholePagesInOrder) {
    EXPECT_EQ(verdict_with(3, {{0x8000'0800}, {0x9000'0000}, 0x1000, Rights::rw, WindowKind::memory}),
              Verdict::disordered);
    EXPECT_EQ(verdict_with(3, {{0x8000'0000}, {0x9000'0000}, 0x800, Rights::rw, WindowKind::memory}),
              Verdict::disordered);
    EXPECT_EQ(verdict_with(3, {{0x8000'0000}, {0x9000'0000}, 0, Rights::rw, WindowKind::memory}), Verdict::disordered);
    EXPECT_EQ(verdict_with(3, {{0x8fff'f000}, {0x9000'0000}, 0x2000, Rights::rw, WindowKind::memory}),
              Verdict::disordered);
}

/// Refuses even the last page of the address space, as the end of a range is an operand of comparisons.
TEST(Windows, DoNotPassTheLastAddress) {
    const auto last = ~std::uint64_t{0xfff};
    for (const std::uint64_t size : {0x1000, 0x2000}) {
        EXPECT_EQ(verdict_with(5, {{last}, {0x1'0000'0000}, size, Rights::rw, WindowKind::memory}),
                  Verdict::asked_wraps);
        EXPECT_EQ(verdict_with(5, {{0x1'0000'0000}, {last}, size, Rights::rw, WindowKind::memory}),
                  Verdict::asked_wraps);
    }
}

TEST(Windows, OnInterruptFilesAreTheOwnHartsInTheirOrder) {
    const auto file = [](std::uint64_t to, std::uint64_t size) {
        return Window{{0x2800'0000}, {to}, size, Rights::rw, WindowKind::interrupt_file};
    };
    EXPECT_EQ(verdict_with(1, file(0x2800'7000, 0x1000)), Verdict::holds);
    EXPECT_EQ(verdict_with(1, file(0x2800'3000, 0x1000)), Verdict::asked_file) << "of the guest's other hart";
    EXPECT_EQ(verdict_with(1, file(0x2800'9000, 0x1000)), Verdict::asked_file) << "of no hart";
    EXPECT_EQ(verdict_with(1, file(0x2800'7000, 0x2000)), Verdict::asked_file) << "and the page behind it";
    EXPECT_EQ(verdict_with(0, file(0x2800'7000, 0x1000)), Verdict::disordered);
    EXPECT_EQ(verdict_with(3, {{0x8000'0000}, {0x9000'0000}, 0x1000, Rights::rw, WindowKind::interrupt_file}),
              Verdict::asked_file)
        << "one more than there are harts";
}

/// Two groups of two harts, 16 MiB apart, with three guest files each.
TEST(Windows, FindInterruptFilesInGroups) {
    const Imsic imsic{{0x2800'0000}, 0x8000, 2, 255, 255, 2, 1, 24};
    EXPECT_EQ(supervisor_file(imsic, 0), 0x2800'0000u);
    EXPECT_EQ(supervisor_file(imsic, 1), 0x2800'4000u);
    EXPECT_EQ(supervisor_file(imsic, 2), 0x2900'0000u);
    EXPECT_EQ(supervisor_file(imsic, 3), 0x2900'4000u);
    EXPECT_EQ(supervisor_file({{0x2800'0000}, 0x8000, 2, 255, 1, 0, 0}, 3), 0x2800'c000u);
}

/// Proves the fixture with other harts of alpha's.
Verdict verdict_with_harts(const std::vector<std::uint32_t>& harts) {
    auto guests = std::to_array(generated::guests);
    guests[0].harts = harts;
    auto changed = d;
    changed.guests = guests;
    return prove_windows(changed, l).verdict;
}

TEST(Harts, BelongToOneGuestOfTheBoards) {
    EXPECT_EQ(verdict_with_harts({3, 1}), Verdict::holds);
    EXPECT_EQ(verdict_with_harts({3, 0}), Verdict::asked_hart) << "beta's";
    EXPECT_EQ(verdict_with_harts({3, 3}), Verdict::asked_hart);
    EXPECT_EQ(verdict_with_harts({3, 4}), Verdict::asked_hart) << "none of the board's";
}

TEST(Board, HasNoRangeThatPassesTheLastAddress) {
    const auto verdict = [](auto change) {
        auto changed = d;
        change(changed.board);
        return prove_windows(changed, l).verdict;
    };
    const auto high = ~std::uint64_t{0xff};
    EXPECT_EQ(verdict([](Board&) {}), Verdict::holds);
    EXPECT_EQ(verdict([&](Board& b) { b.firmware = {{high}, 0x200}; }), Verdict::asked_wraps);
    EXPECT_EQ(verdict([&](Board& b) { b.console.base = {high}; }), Verdict::asked_wraps);
    EXPECT_EQ(verdict([&](Board& b) { b.aplic.base = {high}; }), Verdict::asked_wraps);
    EXPECT_EQ(verdict([&](Board& b) { b.plic = {{high}, 0x100, 1}; }), Verdict::asked_wraps);
    EXPECT_EQ(verdict([&](Board& b) { b.imsic.base = {high}; }), Verdict::asked_wraps);
}

}  // namespace
}  // namespace mullion::proof
