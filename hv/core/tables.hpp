// SPDX-License-Identifier: Apache-2.0
// Declares the constants that hv/tables.cpp, which is compiled for each description, defines.
#pragma once

#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/layout.hpp"

namespace mullion {

extern const Description description;
extern const Layout layout;

/// The rows of the board's KeptList (core/kept.hpp).
extern const std::span<const Kept> kept_of_board;

/// hgatp for each of the board's harts, 0 for one without a guest.
extern const std::span<const std::uint64_t> hgatp;

}  // namespace mullion
