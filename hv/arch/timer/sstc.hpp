// SPDX-License-Identifier: Apache-2.0
// Drives the timers of harts with Sstc: stimecmp is the hypervisor's, vstimecmp the guest's, which writes it itself.
#pragma once

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/timer/timer.hpp"

namespace mullion::arch::timer {

extern "C" void trap_entry();

struct Sstc {
    static constexpr bool needs_sbi_time = false;
    static constexpr TrapEntry trap_entry = &timer::trap_entry;

    static void initialise() {
        write<Csr::stimecmp>(never);
        set_bits<Csr::sie>(csr::interrupt::st);
    }

    static void set(std::uint64_t time) { write<Csr::stimecmp>(time); }
    static void set_guest(std::uint64_t time) { write<Csr::vstimecmp>(time); }

    static void wait_with_guest_timer(void (*wait)()) {
        if ((read<Csr::hie>() & csr::interrupt::vst) == 0) {
            return wait();
        }
        const auto own = read<Csr::stimecmp>();
        write<Csr::stimecmp>(std::min(own, read<Csr::vstimecmp>()));
        wait();
        write<Csr::stimecmp>(own);
    }

    static bool take() { return true; }
};

}  // namespace mullion::arch::timer
