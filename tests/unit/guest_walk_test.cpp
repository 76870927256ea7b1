// SPDX-License-Identifier: Apache-2.0
#include "vm/guest_walk.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mullion {
namespace {

constexpr std::uint64_t table = pte::V;
constexpr std::uint64_t leaf = pte::V | pte::R | pte::W | pte::A | pte::D;

/// A guest's memory, of which only the entries that a test has written are there.
struct Memory {
    std::map<std::uint64_t, std::uint64_t> entries;

    void put(std::uint64_t at, std::uint64_t index, std::uint64_t entry) { entries[at + index * 8] = entry; }

    std::optional<Gpa> walk(std::uint64_t vsatp, std::uint64_t at) const {
        return walk_guest_tables(vsatp, {at}, [this](Gpa entry) -> std::optional<std::uint64_t> {
            const auto found = entries.find(entry.value);
            return found != entries.end() ? std::optional{found->second} : std::nullopt;
        });
    }
};

constexpr std::uint64_t root = 0x8000'1000;

constexpr std::uint64_t vsatp_of(std::uint64_t mode) {
    constexpr std::uint64_t asid = 0xffff;
    return mode << 60 | asid << 44 | root >> 12;
}

TEST(GuestWalk, FindsAPageThroughEveryLevelOfEachMode) {
    constexpr std::uint64_t at = 0x0012'3456'789a'b123;
    for (const std::uint64_t mode : {8, 9, 10}) {
        Memory memory;
        const auto levels = static_cast<unsigned>(mode) - 5;
        std::uint64_t where = root;
        for (auto level = levels; level-- > 0;) {
            const auto next = where + 0x10'0000;
            memory.put(where, (at >> (12 + 9 * level)) % 512,
                       pte::make(level == 0 ? 0x1000'0000 : next, level == 0 ? leaf : table));
            where = next;
        }
        EXPECT_EQ(memory.walk(vsatp_of(mode), at), Gpa{0x1000'0123}) << mode;
    }
}

TEST(GuestWalk, FindsLargePagesAtEachLevel) {
    Memory memory;
    memory.put(root, 1, pte::make(0x4000'0000, leaf));
    EXPECT_EQ(memory.walk(vsatp_of(8), 0x4012'3456), Gpa{0x4012'3456});
    memory.put(root, 2, pte::make(0x8000'2000, table));
    memory.put(0x8000'2000, 3, pte::make(0x1000'0000, leaf));
    EXPECT_EQ(memory.walk(vsatp_of(8), 0x8061'2345), Gpa{0x1001'2345});
}

TEST(GuestWalk, TakesTheLowBitsOfANaturallyAlignedPowerOfTwoFromTheAddress) {
    Memory memory;
    memory.put(root, 0, pte::make(0x8000'2000, table));
    memory.put(0x8000'2000, 0, pte::make(0x8000'3000, table));
    memory.put(0x8000'3000, 5, pte::make(0x1000'8000, leaf | pte::N));
    EXPECT_EQ(memory.walk(vsatp_of(8), 0x5004), Gpa{0x1000'5004});
}

TEST(GuestWalk, IgnoresMemoryTypes) {
    Memory memory;
    memory.put(root, 0, pte::make(0x1000'0000 & ~0x3fff'ffffULL, leaf | pte::PBMT));
    EXPECT_EQ(memory.walk(vsatp_of(8), 0x1234), Gpa{0x1234});
}

TEST(GuestWalk, TranslatesNothingWhereTheGuestDoesNot) {
    EXPECT_EQ(Memory{}.walk(0, 0x1000'0005), Gpa{0x1000'0005});
}

TEST(GuestWalk, EndsWhereThereIsNoTableNoEntryOrNoMode) {
    Memory memory;
    EXPECT_EQ(memory.walk(vsatp_of(8), 0), std::nullopt);
    memory.put(root, 0, 0);
    EXPECT_EQ(memory.walk(vsatp_of(8), 0), std::nullopt);
    memory.put(root, 0, pte::make(0x8000'2000, table));
    EXPECT_EQ(memory.walk(vsatp_of(8), 0), std::nullopt);
    memory.put(0x8000'2000, 0, pte::make(0x8000'3000, table));
    memory.put(0x8000'3000, 0, pte::make(0x8000'4000, table));  // a last level that leads on
    EXPECT_EQ(memory.walk(vsatp_of(8), 0), std::nullopt);
    EXPECT_EQ(memory.walk(vsatp_of(1), 0), std::nullopt);
    EXPECT_EQ(memory.walk(vsatp_of(11), 0), std::nullopt);
}

}  // namespace
}  // namespace mullion
