// SPDX-License-Identifier: Apache-2.0
// Chooses addresses and numbers that are, or nearly are, plausible.
#pragma once

#include <array>
#include <cstdint>

#include "siege/hart.hpp"

namespace siege {

inline constexpr std::uint64_t page = 4096;

/// Memory that may be changed in any way.
inline constexpr std::size_t arena_pages = 16;
std::uint64_t arena();

/// Returns an address at or near a border of a device, a memory window, or what no guest has.
std::uint64_t any_address(Random& random);
/// Returns any_address(), a small number, a power of two, a hart, a mask, or any number.
std::uint64_t any_value(Random& random);

}  // namespace siege
