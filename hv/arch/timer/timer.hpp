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

/// Says whether the firmware's timer is used.
extern const bool needs_sbi_time;

/// Enables the interrupt, which does not come before a set().
void initialise();

/// Has the hypervisor's interrupt come at `time`, in ticks; until then none is pending.
void set(std::uint64_t time);

/// Has the guest's come at `time`; until then none is pending.
void set_guest(std::uint64_t time);

/// Does the same for SBI TIME, without a call where it is one instruction: for a call the compiler would make a stack
/// frame in every call of the SBI.
inline void set_guest_inline(std::uint64_t time) {
    if (needs_sbi_time) {
        call_out_of_line<set_guest>(time);
    } else {
        write<Csr::vstimecmp>(time);
    }
}

/// Calls `wait`, which sleeps until an interrupt is pending (WFI), so that it returns when the guest's timer is due,
/// too, if the guest has enabled its interrupt: not every hart wakes in HS-mode for VSTIP alone.
void wait_with_guest_timer(void (*wait)());

/// Takes the timer's interrupt: raises the guest's if that is due. Returns whether the hypervisor's may be due; the
/// caller calls set() then.
bool take();

}  // namespace mullion::arch::timer
