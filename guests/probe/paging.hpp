// SPDX-License-Identifier: Apache-2.0
// Provides Sv39 translation for cases (privileged manual, "Sv39"): addresses below 256 GiB are mapped identically,
// except for one GiB in which single pages can be mapped.
#pragma once

#include <cstdint>

namespace probe {

namespace pte {
inline constexpr std::uint64_t v = 1, r = 2, w = 4, x = 8, u = 16, a = 64, d = 128;
inline constexpr std::uint64_t non_cacheable = std::uint64_t{1} << 61, io = std::uint64_t{2} << 61;  ///< Svpbmt
inline constexpr std::uint64_t data = v | r | w | a | d;
inline constexpr std::uint64_t code = v | r | x | a | d;

/// Returns an entry, which points to a table if `bits` have neither r, w nor x. Requires: `address` is page aligned.
constexpr std::uint64_t make(std::uint64_t address, std::uint64_t bits) {
    return address >> 12 << 10 | bits;
}
}  // namespace pte

inline constexpr std::uint64_t page = 4096;
inline constexpr std::uint64_t pages_at = 0x30'0000'0000;  ///< virtual address of the first single page
inline constexpr std::uint64_t page_count = 512;
inline constexpr std::uint64_t directory_reach = 0x20'0000;  ///< bytes that one entry of the directory covers

inline constexpr std::uint64_t upper_half = 0xffff'ffc0'0000'0000;

constexpr std::uint64_t page_address(std::uint64_t index) {
    return pages_at + index * page;
}

/// Resets the tables: no single page is mapped.
void make_tables();
/// Returns the entry of single page `index`. A change takes effect with sfence_vma() or a remote fence.
volatile std::uint64_t& page_entry(std::uint64_t index);
/// Returns an entry of the directory. Entry 0 leads to the single pages; the others are empty.
volatile std::uint64_t& directory_entry(std::uint64_t index);

/// Maps the addresses below 256 GiB once more, from upper_half on, with these bits.
void map_upper_half(std::uint64_t bits);

/// Makes this hart translate by the tables.
void paging_on();
void paging_off();
void sfence_vma();

}  // namespace probe
