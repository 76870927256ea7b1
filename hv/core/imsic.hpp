// SPDX-License-Identifier: Apache-2.0
// Where interrupt files are (AIA 3.6: one page a file; a hart's supervisor file first, then its guest files).
#pragma once

#include "core/address.hpp"
#include "core/description.hpp"

namespace mullion {

/// Every hart belongs to one guest, so every guest uses its harts' first guest interrupt file.
inline constexpr std::uint32_t guest_file = 1;

/// `file` 0 is the supervisor-level file, 1.. are guest interrupt files (hstatus.VGEIN).
constexpr Hpa interrupt_file(const Imsic& imsic, std::uint32_t imsic_index, std::uint32_t file) {
    const auto stride = page_size << imsic.guest_index_bits;
    return imsic.base + imsic_index * stride + file * page_size;
}

}  // namespace mullion
