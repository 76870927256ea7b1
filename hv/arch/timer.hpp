// SPDX-License-Identifier: Apache-2.0
// The calling hart's own timer interrupt: stimecmp, or the firmware's timer where harts lack Sstc.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "core/tables.hpp"

namespace mullion::arch::timer {

inline constexpr std::uint64_t never = ~std::uint64_t{0};

/// The interrupt comes at `time`, in ticks; until then none is pending.
inline void set(std::uint64_t time) {
    if (board_kind.sstc) {
        return write<Csr::stimecmp>(time);
    }
    if (time == never) {
        return clear_bits<Csr::sie>(csr::interrupt::st);  // a call of the firmware less
    }
    firmware::set_timer(time);
    set_bits<Csr::sie>(csr::interrupt::st);
}

/// Enables it, never to come as yet.
inline void initialise() {
    if (board_kind.sstc) {
        write<Csr::stimecmp>(never);
        set_bits<Csr::sie>(csr::interrupt::st);
    }
}

}  // namespace mullion::arch::timer
