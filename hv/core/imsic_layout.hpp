// SPDX-License-Identifier: Apache-2.0
// Where interrupt files are (AIA 3.6: one page a file; a hart's supervisor file first, then its guest files).
#pragma once

#include "core/address.hpp"
#include "core/description.hpp"

namespace mullion {

/// Every hart belongs to one guest, so every guest uses its harts' first guest interrupt file.
inline constexpr std::uint32_t guest_file = 1;

inline constexpr std::uint32_t max_guest_index_bits = 6;  ///< GEILEN is at most 63

/// Whether each hart has it.
constexpr bool has_guest_file(const Imsic& imsic) {
    const auto bits = imsic.guest_index_bits;
    return bits <= max_guest_index_bits && guest_file >> bits == 0;
}

/// The region of one group's files.
constexpr HostRange group_region(const Imsic& imsic, std::uint32_t group) {
    return {imsic.base + (std::uint64_t{group} << imsic.group_index_shift), imsic.size};
}

/// AIA 3.6: a hart index has the number of the hart in its group, and above it the group's.
constexpr std::uint32_t group_of(const Imsic& imsic, std::uint32_t imsic_index) {
    return imsic.groups == 1 ? 0 : imsic_index >> imsic.hart_index_bits;
}

/// `file` 0 is the supervisor-level file, 1.. are guest interrupt files (hstatus.VGEIN).
constexpr Hpa interrupt_file(const Imsic& imsic, std::uint32_t imsic_index, std::uint32_t file) {
    const auto group = group_of(imsic, imsic_index);
    const auto member = imsic_index - (group << imsic.hart_index_bits);
    const auto stride = page_size << imsic.guest_index_bits;
    return group_region(imsic, group).base + member * stride + file * page_size;
}

}  // namespace mullion
