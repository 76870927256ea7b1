// SPDX-License-Identifier: Apache-2.0
// What a hart is set to before its guest enters, for good. What can only be found out by writing is checked here.
#pragma once

#include <cstdint>

#include "core/description.hpp"

namespace mullion::boot {

/// Sets the calling hart up for its guest: what traps, what is delegated, which counters are open, and the tables that
/// it translates by. Ends the machine with a line if a register does not take its value.
void configure_hart(const Hart& hart, std::uint64_t hgatp);

}  // namespace mullion::boot
