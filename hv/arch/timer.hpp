// SPDX-License-Identifier: Apache-2.0
// The calling hart's own timer interrupt: stimecmp, or the firmware's timer where harts lack Sstc.
#pragma once

#include <cstdint>

namespace mullion::arch::timer {

inline constexpr std::uint64_t never = ~std::uint64_t{0};

/// Enables it, never to come as yet.
void initialise();

/// The interrupt comes at `time`, in ticks; until then none is pending.
void set(std::uint64_t time);

}  // namespace mullion::arch::timer
