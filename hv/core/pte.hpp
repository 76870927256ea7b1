// SPDX-License-Identifier: Apache-2.0
// Page table entries of the Sv39/Sv48/Sv57 family and their x4 forms (privileged manual, "Sv39" and "Two-Stage Address
// Translation"): all share one format; only the width of the root index differs.
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
inline constexpr std::uint64_t G = 1u << 5;  ///< global; the G-stage reserves it for software to keep clear
inline constexpr std::uint64_t A = 1u << 6;  ///< accessed
inline constexpr std::uint64_t D = 1u << 7;  ///< dirty
inline constexpr std::uint64_t RSW = std::uint64_t{3} << 8;
inline constexpr std::uint64_t PPN = ((std::uint64_t{1} << 44) - 1) << 10;
inline constexpr std::uint64_t reserved = std::uint64_t{0x7f} << 54;
inline constexpr std::uint64_t PBMT = std::uint64_t{3} << 61;  ///< Svpbmt
inline constexpr std::uint64_t N = std::uint64_t{1} << 63;     ///< Svnapot

/// A page table has 512 entries; a G-stage root four times as many.
inline constexpr std::size_t entries = page_size / sizeof(std::uint64_t);

/// Bytes that one entry of a table at `level` maps, as a power of two (level 0: 4 KiB pages).
constexpr unsigned shift(unsigned level) {
    return 12 + 9 * level;
}

/// `to` is page aligned and below 2^56.
constexpr std::uint64_t make(std::uint64_t to, std::uint64_t bits) {
    return to >> 12 << 10 | bits;
}

/// Host physical address of the page or table that `entry` names.
constexpr std::uint64_t target(std::uint64_t entry) {
    return (entry & PPN) >> 10 << 12;
}

}  // namespace mullion::pte
