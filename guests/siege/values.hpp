// SPDX-License-Identifier: Apache-2.0
// Addresses and numbers that mean something, or almost do.
#pragma once

#include <array>
#include <cstdint>

#include "siege/hart.hpp"

namespace siege {

inline constexpr std::uint64_t page = 4096;

/// Memory that anything may be done to.
inline constexpr std::size_t arena_pages = 16;
std::uint64_t arena();

/// At or about the border of a device, a window of memory, or what no guest has.
std::uint64_t any_address(Random& random);
/// One of those, a small number, a power of two, a hart, a mask, or any number.
std::uint64_t any_value(Random& random);

}  // namespace siege
