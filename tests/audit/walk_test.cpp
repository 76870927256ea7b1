// SPDX-License-Identifier: Apache-2.0
#include "walk.hpp"

#include <gmock/gmock.h>

#include <random>
#include <utility>

#include "fixture.hpp"
#include "mmu.hpp"

namespace mullion::audit {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t mib2 = 0x20'0000;
constexpr std::uint64_t gib = 0x4000'0000;
constexpr std::uint64_t pointer = 0x01;
constexpr std::uint64_t guest_rw = 0xd7;  // D A U W R V
constexpr std::uint64_t own_rw = 0xc7;    // D A W R V

constexpr Root g_root{Stage::guest, tables, 3};
constexpr Root own_root{Stage::hypervisor, tables, 3};

constexpr std::uint64_t make(std::uint64_t to, std::uint64_t bits) {
    return to >> 2 | bits;
}

/// Returns the one mismatch about an image whose first root entry is `value`.
std::string flaw(std::uint64_t value, Root root = g_root) {
    auto image = make_image(8);
    poke(image, tables, value);
    const auto walked = walk(image, root);
    return walked.mismatches.size() == 1 ? walked.mismatches.front().what : "";
}

TEST(Walk, FindsALeafOnEachLevelOfEachMode) {
    for (unsigned levels = 3; levels <= 5; ++levels) {
        for (unsigned depth = 0; depth < levels; ++depth) {
            auto image = make_image(16);
            auto table = tables;
            std::uint64_t at = 0;
            for (unsigned level = levels - 1; level > levels - 1 - depth; --level) {
                at += std::uint64_t{3} << (12 + 9 * level);
                const auto next = tables + (4 + levels - 1 - level) * page_size;
                poke(image, table + 3 * 8, make(next, pointer));
                table = next;
            }
            const auto size = page_size << (9 * (levels - 1 - depth));
            poke(image, table + 5 * 8, make(2 * size, guest_rw));
            const auto walked = walk(image, {Stage::guest, tables, levels});
            ASSERT_EQ(walked.leaves.size(), 1u) << levels << ' ' << depth;
            EXPECT_TRUE(walked.mismatches.empty());
            EXPECT_EQ(walked.leaves[0].at, at + 5 * size);
            EXPECT_EQ(walked.leaves[0].to, 2 * size);
            EXPECT_EQ(walked.leaves[0].size, size);
            EXPECT_EQ(walked.leaves[0].rights, readable | writable);
        }
    }
}

TEST(Walk, UsesAll2048EntriesOfAGuestsRootOnly) {
    auto image = make_image(4);
    poke(image, tables + 2047 * 8, make(gib, guest_rw));
    const auto guest = walk(image, g_root);
    ASSERT_EQ(guest.leaves.size(), 1u);
    EXPECT_EQ(guest.leaves[0].at, 2047 * gib);
    EXPECT_TRUE(walk(image, own_root).leaves.empty());
}

TEST(Walk, RepeatsTheHighestBitOfAVirtualAddress) {
    auto image = make_image(1);
    poke(image, tables + 256 * 8, make(gib, own_rw));
    const auto walked = walk(image, own_root);
    ASSERT_EQ(walked.leaves.size(), 1u);
    EXPECT_EQ(walked.leaves[0].at, 0xffff'ffc0'0000'0000u);
}

TEST(Walk, TellsWhyALeafIsNotSound) {
    const std::pair<std::uint64_t, const char*> cases[] = {
        {make(gib, 0xd5), "W without R"},                     // D A U W V
        {make(gib, 0xdd), "W without R"},                     // D A U X W V
        {make(mib2, guest_rw), "not aligned"},                //
        {make(page_size, guest_rw), "not aligned"},           //
        {make(gib, 0x97), "A or D is clear"},                 //
        {make(gib, 0x57), "A or D is clear"},                 //
        {make(gib, own_rw), "U is clear"},                    //
        {make(gib, guest_rw) | 1ull << 54, "reserved bits"},  //
        {make(gib, guest_rw) | 1ull << 60, "reserved bits"},  //
        {make(gib, guest_rw) | 1ull << 61, "PBMT"},           //
        {make(gib, guest_rw) | 1ull << 62, "PBMT"},           //
        {make(gib, guest_rw) | 1ull << 63, "N is set"},       //
        {make(tables + 4 * page_size, pointer | 0x10), "D, A or U"},
        {make(tables + 4 * page_size, pointer | 0x40), "D, A or U"},
        {make(tables + 4 * page_size, pointer | 0x80), "D, A or U"},
        {make(tables + 4 * page_size, pointer) | 1ull << 63, "N is set"},
        {make(tables + 8 * page_size, pointer), "read-only data"},
        {make(0, pointer), "read-only data"},
    };
    for (const auto& [value, why] : cases) {
        EXPECT_THAT(flaw(value), HasSubstr(why)) << std::hex << value;
    }
    EXPECT_EQ(flaw(make(gib, guest_rw)), "");
}

TEST(Walk, HoldsTheHypervisorsOwnLeavesToOtherBits) {
    EXPECT_EQ(flaw(make(gib, own_rw), own_root), "");
    EXPECT_THAT(flaw(make(gib, guest_rw), own_root), HasSubstr("U is set"));
    EXPECT_THAT(flaw(make(gib, own_rw | 0x20), own_root), HasSubstr("G is set"));
    EXPECT_THAT(flaw(make(tables + page_size, pointer | 0x20), own_root), HasSubstr("G set"));
}

TEST(Walk, EndsAtAPointerOnTheLowestLevel) {
    auto image = make_image(8);
    poke(image, tables, make(tables, pointer));  // a table that is its own next
    const auto walked = walk(image, g_root);
    ASSERT_EQ(walked.mismatches.size(), 1u);
    EXPECT_THAT(walked.mismatches[0].what, HasSubstr("lowest level"));
}

TEST(Walk, RefusesTablesThatCouldBeWritten) {
    auto image = make_image(8);
    poke(image, tables, make(tables + 0x10000, pointer));
    image.segments.push_back({{tables + 0x10000, page_size}, readable | writable, {}});
    ASSERT_EQ(walk(image, g_root).mismatches.size(), 1u);
    image.segments.back().rights = readable | executable;
    ASSERT_EQ(walk(image, g_root).mismatches.size(), 1u);
    image.segments.back().rights = readable;
    EXPECT_TRUE(walk(image, g_root).mismatches.empty());
}

TEST(Walk, RefusesARootThatIsNotAligned) {
    auto image = make_image(8);
    poke(image, tables + page_size, make(gib, guest_rw));
    EXPECT_EQ(walk(image, {Stage::guest, tables + page_size, 3}).mismatches.size(), 1u);
    EXPECT_EQ(walk(image, {Stage::guest, tables + 8 * page_size, 3}).mismatches.size(), 1u);
    EXPECT_TRUE(walk(image, {Stage::guest, tables, 3}).mismatches.empty());
}

TEST(Walk, TellsOfBitsThatHardwareIgnoresAndKeepsTheLeaf) {
    for (const std::uint64_t bits : {0x20, 0x100, 0x200}) {
        auto image = make_image(8);
        poke(image, tables, make(gib, guest_rw | bits));
        const auto walked = walk(image, g_root);
        ASSERT_EQ(walked.mismatches.size(), 1u);
        EXPECT_TRUE(walked.mismatches[0].ignored_by_hardware);
        ASSERT_EQ(walked.leaves.size(), 1u);
        EXPECT_TRUE(walked.leaves[0].sound);
    }
    auto image = make_image(8);
    poke(image, tables, make(gib, guest_rw) & ~std::uint64_t{1});
    EXPECT_TRUE(walk(image, g_root).mismatches.at(0).ignored_by_hardware);
}

/// Returns an entry that is nearly right, so that walks get somewhere.
std::uint64_t random_entry(std::mt19937_64& random, Stage stage, unsigned pages) {
    switch (random() % 8) {
        case 0:
        case 1:
        case 2:
            return make(tables + random() % pages * page_size, pointer);
        case 3:
        case 4:
        case 5: {
            const auto aligned = random() % 64 * gib;
            return make(aligned, 0xc1 | (stage == Stage::guest ? 0x10 : 0) | (random() & 0xe));
        }
        case 6:
            return make(random() % (gib << 6) & ~(page_size - 1), random() & 0xff) | 1ull << (random() % 64);
        default:
            return 0;
    }
}

/// Compares walk and MMU: an address is translated exactly if the walk calls it reached, and to the same place.
TEST(Walk, AgreesWithAnMmuOnRandomTables) {
    std::mt19937_64 random{20260101};
    constexpr unsigned pages = 12;
    std::uint64_t translated = 0;
    for (int round = 0; round < 300; ++round) {
        const Root root{round % 2 == 0 ? Stage::guest : Stage::hypervisor, tables, 3 + round % 3u};
        auto image = make_image(pages);
        for (std::uint64_t i = 0; i < 30; ++i) {
            const auto slot = random() % pages * 512 + random() % 8;
            poke(image, tables + slot * 8, random_entry(random, root.stage, pages));
        }
        const auto walked = walk(image, root);
        for (int probe = 0; probe < 300; ++probe) {
            std::uint64_t address = random() % page_size;
            for (unsigned level = 0; level < root.levels; ++level) {
                address |= random() % 8 << (12 + 9 * level);
            }
            const Leaf* hit = nullptr;
            for (const auto& leaf : walked.leaves) {
                hit = leaf.at <= address && address - leaf.at < leaf.size ? &leaf : hit;
            }
            if (hit != nullptr && !hit->sound) {
                continue;  // what each hart does there is its own business
            }
            for (const auto right : {readable, writable, executable}) {
                const auto by_mmu = translate(image, root, address, right);
                const bool reached = hit != nullptr && (hit->rights & right) != 0;
                ASSERT_EQ(by_mmu.has_value(), reached) << std::hex << address;
                if (reached) {
                    ASSERT_EQ(*by_mmu, hit->to + (address - hit->at));
                    ++translated;
                }
            }
        }
    }
    EXPECT_GT(translated, 1000u);
}

}  // namespace
}  // namespace mullion::audit
