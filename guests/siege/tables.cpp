// SPDX-License-Identifier: Apache-2.0
// Makes page tables that lead anywhere: the lower half of addresses is mapped identically, so that the attacker can go
// on, and the upper half leads through tables with arbitrary entries.
#include "siege/attacker.hpp"
#include "siege/values.hpp"

namespace siege {
namespace {

constexpr std::size_t entries = 512;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::uint64_t all_rights = 0xcf;  // V, R, W, X, A, D
constexpr std::uint64_t sv39 = std::uint64_t{8} << 60;
constexpr std::size_t tables = 4;

using Table = std::array<volatile std::uint64_t, entries>;

/// Each hart's tables; the first is its root.
alignas(page) std::array<std::array<Table, tables>, max_harts> tables_of;

std::uint64_t at(const Table& table) {
    return reinterpret_cast<std::uint64_t>(&table);
}

constexpr std::uint64_t entry(std::uint64_t address, std::uint64_t bits) {
    return (address >> 12 << 10 & 0x003f'ffff'ffff'fc00) | bits;
}

std::uint64_t any_entry(Hart& hart) {
    auto& random = hart.random;
    const auto& own = tables_of[hart.id];
    switch (random.below(8)) {
        case 0:
            return entry(at(own[random.below(tables)]), 1);  // a table, perhaps the one that it is in
        case 1:
            return entry(any_address(random), 1);
        case 2:
            return entry(at(own[random.below(tables)]), random.below(2) << 1 | 0x41);  // a read-only leaf
        case 3:
            return entry(any_address(random), random.below(256) | random.below(1024) << 54);  // N, PBMT, reserved bits
        case 4:
            return random.next();
        default:
            return entry(any_address(random), random.below(256) | 1);
    }
}

void fill_tables(Hart& hart) {
    auto& own = tables_of[hart.id];
    for (std::size_t i = 0; i < entries / 2; ++i) {
        own[0][i] = entry(i * gib, all_rights);
    }
    for (std::size_t i = 0; i < 64; ++i) {
        own[0][entries / 2 + hart.random.below(entries / 2)] = any_entry(hart);
        own[1 + hart.random.below(tables - 1)][hart.random.below(entries)] = any_entry(hart);
    }
    own[0][entries / 2] = entry(at(own[1]), 1);
    own[1][0] = entry(at(own[2]), 1);
    for (std::size_t i = 0; i < 8; ++i) {
        own[2][i] = any_entry(hart);
    }
}

std::uint64_t any_mapped_address(Random& random) {
    constexpr std::uint64_t upper_half = ~std::uint64_t{0} << 38;
    if (random.one_in(2)) {
        return upper_half + random.below(8) * page + random.below(page) - random.below(8);
    }
    return upper_half + random.below(entries / 2) * gib + (random.next() & (gib - 1));
}

}  // namespace

void try_tables(Hart& hart) {
    auto& random = hart.random;
    fill_tables(hart);
    write_csr<satp>(sv39 | random.below(4) << 44 | at(tables_of[hart.id][0]) >> 12);
    asm volatile("sfence.vma" ::: "memory");
    constexpr std::array<std::uint32_t, 10> words{0x0005'0503, 0x0005'1503, 0x0005'2503, 0x0005'3503, 0x00b5'0023,
                                                  0x00b5'1023, 0x00b5'2023, 0x00b5'3023, 0x00b5'252f, 0x0005'3507};
    for (int i = 0; i < 8; ++i) {
        const auto address = any_mapped_address(random);
        if (random.one_in(8)) {
            try_jump(hart, address);
        } else {
            try_words(hart, {random.of(words)}, {address, any_value(random)});
        }
        if (random.one_in(4)) {
            tables_of[hart.id][2][random.below(8)] = any_entry(hart);
        }
        if (random.one_in(4)) {
            asm volatile("sfence.vma" ::: "memory");
        }
    }
    write_csr<satp>(0);
    asm volatile("sfence.vma" ::: "memory");
}

}  // namespace siege
