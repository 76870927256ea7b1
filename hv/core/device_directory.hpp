// SPDX-License-Identifier: Apache-2.0
// Builds the device directory, from which the IOMMU takes what memory a device's DMA reaches (RISC-V IOMMU,
// "Device-Directory-Table").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/address.hpp"
#include "core/description.hpp"

namespace mullion {

inline constexpr std::size_t directory_words = page_size / sizeof(std::uint64_t);

/// Returns the directory's size in bytes.
constexpr std::uint64_t directory_size(const Board& board) {
    return board.iommu.exists() ? directory_words * sizeof(std::uint64_t) : 0;
}

/// Returns the directory: a root without an entry, as no device is granted DMA.
constexpr std::array<std::uint64_t, directory_words> build_directory() {
    return {};
}

}  // namespace mullion
