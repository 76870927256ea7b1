// SPDX-License-Identifier: Apache-2.0
// What hv/tables.cpp, the one unit that is compiled for each description, gives to the rest of the hypervisor.
#pragma once

#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/slots.hpp"

namespace mullion {

extern const Description description;
extern const Layout layout;

/// For each of the board's harts: hgatp, 0 if it has no guest.
extern const std::span<const std::uint64_t> hgatp;

}  // namespace mullion
