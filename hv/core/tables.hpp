// SPDX-License-Identifier: Apache-2.0
// Declares the constants that hv/tables.cpp, which is compiled for each description, defines.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/device_directory.hpp"
#include "core/layout.hpp"

namespace mullion {

extern const Description description;
extern const Layout layout;

/// The rows of the board's KeptList (core/kept.hpp).
extern const std::span<const Kept> kept_of_board;

/// hgatp for each of the board's harts, 0 for one without a guest.
extern const std::span<const std::uint64_t> hgatp;

/// What the IOMMU reads, in each format of contexts (core/device_directory.hpp). Only its driver names them, so other
/// images have none.
extern const std::array<const std::uint64_t*, ddt::formats.size()> device_directories;

}  // namespace mullion
