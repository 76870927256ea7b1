// SPDX-License-Identifier: Apache-2.0
// Sv39 for the cases that need it (privileged manual, "Sv39"): addresses below 256 GiB map to themselves, except for
// one GiB of which single pages can be mapped.
#pragma once

#include <cstdint>

namespace probe {

namespace pte {
inline constexpr std::uint64_t v = 1, r = 2, w = 4, x = 8, u = 16, a = 64, d = 128;
inline constexpr std::uint64_t data = v | r | w | a | d;
inline constexpr std::uint64_t code = v | r | x | a | d;

/// `address` is page aligned. Without r, w and x in `bits` the entry points to a table.
constexpr std::uint64_t make(std::uint64_t address, std::uint64_t bits) {
    return address >> 12 << 10 | bits;
}
}  // namespace pte

inline constexpr std::uint64_t page = 4096;
inline constexpr std::uint64_t pages_at = 0x30'0000'0000;  ///< virtual address of the first single page
inline constexpr std::uint64_t page_count = 512;
inline constexpr std::uint64_t directory_reach = 0x20'0000;  ///< what one entry of the directory covers

constexpr std::uint64_t page_address(std::uint64_t index) {
    return pages_at + index * page;
}

/// Fills the tables anew: no single page is mapped.
void make_tables();
/// Entry of single page `index`; sfence_vma() or a remote fence makes a change visible.
volatile std::uint64_t& page_entry(std::uint64_t index);
/// Entry 0 of the directory leads to the single pages; the others are empty.
volatile std::uint64_t& directory_entry(std::uint64_t index);

/// This hart translates by the tables.
void paging_on();
void paging_off();
void sfence_vma();

}  // namespace probe
