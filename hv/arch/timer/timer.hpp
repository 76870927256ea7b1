// SPDX-License-Identifier: Apache-2.0
// The calling hart's timers: the hypervisor's own, which interrupts the hart, and its guest's. hv/drivers.cpp has one
// of arch/timer/ for each image, and its trap entry.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "arch/out_of_line.hpp"

namespace mullion::arch::timer {

using TrapEntry = void (*)();

inline constexpr std::uint64_t never = ~std::uint64_t{0};

/// Whether it is the firmware's.
extern const bool needs_sbi_time;

/// Enables the interrupt, never to come as yet.
void initialise();

/// The hypervisor's interrupt comes at `time`, in ticks; until then none is pending.
void set(std::uint64_t time);

/// The guest's comes at `time`; until then none is pending.
void set_guest(std::uint64_t time);

/// The same, on the way of SBI TIME: no call where it is one instruction, as the compiler would make its stack frame on
/// the way of every call of the SBI.
inline void set_guest_inline(std::uint64_t time) {
    if (needs_sbi_time) {
        call_out_of_line<set_guest>(time);
    } else {
        write<Csr::vstimecmp>(time);
    }
}

/// The timer has interrupted: raises the guest's interrupt if that is due. Whether the hypervisor's may be; it calls
/// set() then.
bool take();

}  // namespace mullion::arch::timer
