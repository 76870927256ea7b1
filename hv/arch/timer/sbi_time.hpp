// SPDX-License-Identifier: Apache-2.0
// Drives the timers of harts without Sstc. The firmware's one timer serves the hypervisor and the guest, whose
// interrupt the hypervisor raises. A call of the firmware is costly, so it is made only if the time changes;
// sbi_time.S, which answers the guest's calls, does the same.
#pragma once

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/hart.hpp"
#include "arch/timer/timer.hpp"

namespace mullion::arch::timer {

extern "C" void trap_entry_without_sstc();

class SbiTime {
 public:
    static constexpr bool needs_sbi_time = true;
    static constexpr TrapEntry trap_entry = &timer::trap_entry_without_sstc;

    static void initialise() {}

    static void set(std::uint64_t time) {
        this_hart().own_timer = time;
        arm();
    }

    // For those that do not call by SBI TIME.
    static void set_guest(std::uint64_t time) {
        clear_bits<Csr::hvip>(csr::interrupt::vst);
        this_hart().guest_timer = time;
        arm();
    }

    // The firmware's timer is the guest's as well.
    static void wait_with_guest_timer(void (*wait)()) { wait(); }

    static bool take() {
        auto& context = this_hart();
        const auto now = arch::now();
        if (context.guest_timer <= now) {
            context.guest_timer = never;
            set_bits<Csr::hvip>(csr::interrupt::vst);
        }
        if (context.own_timer <= now) {
            return true;
        }
        ask_for(earliest());
        return false;
    }

 private:
    static std::uint64_t earliest() { return std::min(this_hart().own_timer, this_hart().guest_timer); }

    static void arm() {
        if (earliest() != this_hart().armed_timer) {
            ask_for(earliest());
        }
    }

    static void ask_for(std::uint64_t time) {
        this_hart().armed_timer = time;
        if (time == never) {
            return clear_bits<Csr::sie>(csr::interrupt::st);  // a call of the firmware less
        }
        firmware::set_timer(time);
        set_bits<Csr::sie>(csr::interrupt::st);
    }
};

}  // namespace mullion::arch::timer
