// SPDX-License-Identifier: Apache-2.0
// Makes and reads page table entries of Sv39, Sv48 and Sv57 and their x4 modes (privileged manual, "Sv39" and
// "Two-Stage Address Translation"). All have one format; only the width of the root index differs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/address.hpp"

namespace mullion::pte {

inline constexpr std::uint64_t V = 1u << 0;  ///< valid
inline constexpr std::uint64_t R = 1u << 1;
inline constexpr std::uint64_t W = 1u << 2;
inline constexpr std::uint64_t X = 1u << 3;
inline constexpr std::uint64_t U = 1u << 4;  ///< user; every G-stage leaf must have it
inline constexpr std::uint64_t G = 1u << 5;  ///< global; must be clear in G-stage entries
inline constexpr std::uint64_t A = 1u << 6;  ///< accessed
inline constexpr std::uint64_t D = 1u << 7;  ///< dirty
inline constexpr std::uint64_t RSW = std::uint64_t{3} << 8;
inline constexpr std::uint64_t PPN = ((std::uint64_t{1} << 44) - 1) << 10;
inline constexpr std::uint64_t reserved = std::uint64_t{0x7f} << 54;
inline constexpr std::uint64_t PBMT = std::uint64_t{3} << 61;  ///< Svpbmt
inline constexpr std::uint64_t N = std::uint64_t{1} << 63;     ///< Svnapot

/// Entries of a page table, 512; a G-stage root has four times as many.
inline constexpr std::size_t entries = page_size / sizeof(std::uint64_t);

/// Returns log2 of the bytes that an entry of a table at `level` maps (level 0: 4 KiB pages).
constexpr unsigned shift(unsigned level) {
    return 12 + 9 * level;
}

/// Returns the entry that leads to `to`. Requires: `to` is page aligned and below 2^56.
constexpr std::uint64_t make(std::uint64_t to, std::uint64_t bits) {
    return to >> 12 << 10 | bits;
}

/// Returns the physical address of the page or table that `entry` leads to.
constexpr std::uint64_t target(std::uint64_t entry) {
    return (entry & PPN) >> 10 << 12;
}

}  // namespace mullion::pte
