// SPDX-License-Identifier: Apache-2.0
#include "core/proof.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../proof/altered.hpp"

namespace mullion::proof {
namespace {

using altered::alpha_hart;
using altered::d;
using altered::l;

// The messages of single alterations are in tests/proof; here, that no alteration at all goes unseen.

Finding prove2(const decltype(altered::stage2)& words) {
    return prove_stage2(d, l, words, altered::hgatp);
}
Finding prove1(const decltype(altered::stage1)& words) {
    return prove_stage1<stage1_region_limit(d)>(d, l, words, altered::satp);
}

template <class Words, class Prove>
void expect_every_flip_is_found(Words words, Prove prove) {
    ASSERT_TRUE(prove(words).holds());
    for (auto& word : words) {
        for (unsigned bit = 0; word != 0 && bit < 64; ++bit) {
            const auto before = word;
            word ^= std::uint64_t{1} << bit;
            EXPECT_FALSE(prove(words).holds()) << "bit " << bit << " of word " << &word - words.data();
            word = before;
        }
    }
}

template <class Words, class Prove>
void expect_every_added_entry_is_found(Words words, std::uint64_t entry, std::size_t step, Prove prove) {
    for (std::size_t i = 0; i < words.size(); i += step) {
        if (words[i] == 0) {
            words[i] = entry;
            EXPECT_FALSE(prove(words).holds()) << "word " << i;
            words[i] = 0;
        }
    }
}

TEST(Stage2Proof, FindsEverySingleBit) {
    expect_every_flip_is_found(altered::stage2, prove2);
}

TEST(Stage1Proof, FindsEverySingleBit) {
    expect_every_flip_is_found(altered::stage1, prove1);
}

TEST(Stage2Proof, FindsEveryAddedLeaf) {
    // 1 GiB of alpha's own memory: aligned for a leaf of any level.
    expect_every_added_entry_is_found(altered::stage2, 0x1'0000'0000 / 4096 << 10 | 0xdf, 1, prove2);
}

TEST(Stage1Proof, FindsEveryAddedLeaf) {
    expect_every_added_entry_is_found(altered::stage1, 0x1'0000'0000 / 4096 << 10 | 0xc7, 3, prove1);
}

TEST(Stage2Proof, FindsEveryAddedTable) {
    // alpha's first lower table.
    const auto table = altered::stage2[altered::stage2_entry(alpha_hart, 0x10'1000, 2)];
    expect_every_added_entry_is_found(altered::stage2, table, 1, prove2);
}

TEST(Stage2Proof, FindsTwoLeavesThatAreSwapped) {
    auto words = altered::stage2;
    std::swap(words[altered::stage2_entry(alpha_hart, 0x8000'0000)],
              words[altered::stage2_entry(alpha_hart, 0x8020'0000)]);
    EXPECT_EQ(prove2(words), (Finding{Verdict::misplaced, alpha_hart, 0x8000'0000}));
}

TEST(Stage2Proof, NamesTheHartAndTheAddress) {
    const auto words = altered::stage2_flipped(altered::beta_hart, 0x8040'0000, 1 << 6, 2);
    EXPECT_EQ(prove2(words), (Finding{Verdict::table_bits, altered::beta_hart, 0x8000'0000}));
    EXPECT_EQ(prove2(altered::stage2_flipped(alpha_hart, 0x9000'2000, 1 << 2)),
              (Finding{Verdict::writable, alpha_hart, 0x9000'2000}));
}

TEST(Stage2Proof, WantsARootOfItsOwnForEachHart) {
    auto values = altered::hgatp;
    const auto refused = [&](std::size_t hart, std::uint64_t value) {
        values = altered::hgatp;
        values[hart] = value;
        return prove_stage2(d, l, altered::stage2, values).verdict == Verdict::wrong_root;
    };
    const auto good = altered::hgatp[alpha_hart];
    EXPECT_FALSE(refused(alpha_hart, good));
    EXPECT_TRUE(refused(alpha_hart, 0)) << "Bare";
    EXPECT_TRUE(refused(alpha_hart, good ^ std::uint64_t{1} << 58)) << "reserved bits";
    EXPECT_TRUE(refused(alpha_hart, good + 1)) << "a root that is not aligned to 16 KiB";
    EXPECT_TRUE(refused(alpha_hart, good - (std::uint64_t{1} << 44))) << "VMID 0";
    EXPECT_TRUE(refused(alpha_hart, good + 0x1000)) << "outside the section";
    EXPECT_TRUE(refused(alpha_hart, (good & ~std::uint64_t{0xfff'ffff'ffff}) | 4)) << "before the section";
    EXPECT_TRUE(refused(alpha_hart, altered::hgatp[3])) << "a sibling's root";
}

TEST(Stage2Proof, WantsNothingOfAHartWithoutAGuest) {
    auto one = d;
    one.guests = one.guests.first(1);
    const auto layout = layout_of(one);
    const auto words = build_stage2<altered::stage2.size()>(one, layout);
    auto values = hgatp_values<4>(one, layout);
    EXPECT_TRUE(prove_stage2(one, layout, words, values).holds());
    values[0] = values[1];
    EXPECT_EQ(prove_stage2(one, layout, words, values), (Finding{Verdict::wrong_root, 0, 0}));
}

TEST(Stage2Proof, WantsUnusedTablesToBeZero) {
    auto words = build_stage2<altered::stage2.size() + 512>(d, l);
    EXPECT_TRUE(prove_stage2(d, l, words, altered::hgatp).holds());
    words.back() = 2;
    EXPECT_EQ(prove_stage2(d, l, words, altered::hgatp).verdict, Verdict::stray_bits);
}

/// One guest with one window, in every mode.
TEST(Stage2Proof, HoldsInEveryMode) {
    static constexpr std::uint32_t own[]{2, 0};
    for (const unsigned bits : {31, 45, 55}) {
        const std::array<Window, 1> windows{
            {{{std::uint64_t{1} << bits}, {0x9000'0000}, 64 * mebi + page_size, Rights::rwx, WindowKind::memory}}};
        std::array<Guest, 1> guests{};
        guests[0].harts = own;
        guests[0].windows = windows;
        auto one = d;
        one.guests = guests;
        const auto layout = layout_of(one);
        auto words = build_stage2<(1 << 20) / 8>(one, layout);
        const auto values = hgatp_values<4>(one, layout);
        EXPECT_EQ(values[2] >> 60, static_cast<std::uint64_t>(g_stage_mode(one)));
        EXPECT_TRUE(prove_stage2(one, layout, words, values).holds()) << bits;
        words[stage2_size(one) / 8 - 1] = 1;
        EXPECT_FALSE(prove_stage2(one, layout, words, values).holds()) << bits;
    }
}

/// The fixture with one of alpha's windows changed.
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
    EXPECT_EQ(verdict_with(0, device(0x2800'2000)), Verdict::asked_reserved);
    EXPECT_EQ(verdict_with(0, device(0x2800'1000)), Verdict::asked_shared) << "beta's guest interrupt file";
}

/// The fixture on a board with a PLIC, without interrupt files but for `window`, if it has a size.
Finding wired(const Window& window) {
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
    const auto found = prove_stage1<stage1_region_limit(d)>(board, layout, first, satp_values<4>(board, layout));
    const auto second = build_stage2<altered::stage2.size()>(board, layout);
    return found.holds() ? prove_stage2(board, layout, second, hgatp_values<4>(board, layout)) : found;
}

TEST(Windows, HaveNoInterruptFilesWithoutAnImsic) {
    EXPECT_TRUE(wired({}).holds());
    const Window file{{0x2800'0000}, {0x2800'7000}, page_size, Rights::rw, WindowKind::interrupt_file};
    EXPECT_EQ(wired(file), (Finding{Verdict::asked_reserved, 0, 0x2800'0000}));
    // The pages that were a hart's files may be a device's.
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
    EXPECT_EQ(verdict_with(5, {{~std::uint64_t{0xfff}}, {0x1'0000'0000}, 0x2000, Rights::rw, WindowKind::memory}),
              Verdict::disordered);
}

Verdict region_verdict(std::uint64_t base, std::uint64_t size, Rights rights) {
    return prove_regions(d, l, 0, std::vector<Region>{{{{base}, size}, rights}}).verdict;
}

TEST(Regions, AreNeverWritableAndExecutable) {
    EXPECT_EQ(region_verdict(0x9000'0000, page_size, Rights::rwx), Verdict::asked_rights);
    EXPECT_EQ(region_verdict(0x9000'0000, page_size, Rights::rw), Verdict::holds);
}

TEST(Regions, LeaveTextTablesAndImagesReadOnly) {
    for (const auto& part : {l.text, l.rodata, l.stage1, l.stage2}) {
        EXPECT_EQ(region_verdict(part.base.value, page_size, Rights::rw), Verdict::asked_rights);
        EXPECT_EQ(region_verdict(part.end().value - page_size, page_size, Rights::rw), Verdict::asked_rights);
        EXPECT_EQ(region_verdict(part.base.value, page_size, Rights::r), Verdict::holds);
    }
    EXPECT_EQ(region_verdict(l.data.base.value, page_size, Rights::rw), Verdict::holds);
}

TEST(Regions, LeaveGuardPagesFirmwareAndOtherGuestsOut) {
    EXPECT_EQ(region_verdict(l.stacks.base.value, page_size, Rights::rw), Verdict::asked_reserved);
    EXPECT_EQ(region_verdict(l.stacks.base.value + page_size, stack_block, Rights::rw), Verdict::asked_reserved);
    EXPECT_EQ(region_verdict(0x8000'0000, page_size, Rights::r), Verdict::asked_reserved);
    EXPECT_EQ(region_verdict(0x9400'0000, page_size, Rights::rw), Verdict::asked_shared);
}

TEST(Regions, MayNotOverlap) {
    SortedRegions<4> regions;
    regions.insert({{{0x3000}, 0x1000}, Rights::rw});
    regions.insert({{{0x1000}, 0x2000}, Rights::rw});
    regions.insert({{{0x9000}, 0}, Rights::rw});
    EXPECT_EQ(regions.size(), 2u);
    EXPECT_TRUE(prove_order(0, regions).holds());
    regions.insert({{{0x2000}, 0x1000}, Rights::r});
    EXPECT_EQ(prove_order(0, regions).verdict, Verdict::disordered);
}

}  // namespace
}  // namespace mullion::proof
