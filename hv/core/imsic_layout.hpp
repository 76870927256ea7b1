// SPDX-License-Identifier: Apache-2.0
// Computes where interrupt files are (AIA 3.6): each is one page, first a hart's supervisor-level file, then its guest
// interrupt files.
#pragma once

#include "core/address.hpp"
#include "core/description.hpp"

namespace mullion {

/// The guest interrupt file (hstatus.VGEIN) of every guest's harts: a hart belongs to one guest, so the first is
/// enough.
inline constexpr std::uint32_t guest_file = 1;

inline constexpr std::uint32_t max_guest_index_bits = 6;  ///< GEILEN is at most 63

/// Returns whether each hart has guest_file.
constexpr bool has_guest_file(const Imsic& imsic) {
    const auto bits = imsic.guest_index_bits;
    return bits <= max_guest_index_bits && guest_file >> bits == 0;
}

/// Returns the region of one group's files.
constexpr HostRange group_region(const Imsic& imsic, std::uint32_t group) {
    return {imsic.base + (std::uint64_t{group} << imsic.group_index_shift), imsic.size};
}

/// Returns the group in a hart index, which has the hart's number within the group in its lower bits (AIA 3.6).
constexpr std::uint32_t group_of(const Imsic& imsic, std::uint32_t imsic_index) {
    return imsic.groups == 1 ? 0 : imsic_index >> imsic.hart_index_bits;
}

/// Returns the address of an interrupt file: `file` 0 is the supervisor-level file, others are guest interrupt files
/// (hstatus.VGEIN). Requires: `file` < 1 << guest_index_bits.
constexpr Hpa interrupt_file(const Imsic& imsic, std::uint32_t imsic_index, std::uint32_t file) {
    const auto group = group_of(imsic, imsic_index);
    const auto member = imsic_index - (group << imsic.hart_index_bits);
    const auto stride = page_size << imsic.guest_index_bits;
    return group_region(imsic, group).base + member * stride + file * page_size;
}

}  // namespace mullion
