// SPDX-License-Identifier: Apache-2.0
#include "arch/timer.hpp"

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/hart.hpp"
#include "core/tables.hpp"

namespace mullion::arch::timer {

extern "C" void trap_entry_without_sstc();

void initialise() {
    if (board_kind.sstc) {
        write<Csr::stimecmp>(never);
        set_bits<Csr::sie>(csr::interrupt::st);
    } else {
        write<Csr::stvec>(reinterpret_cast<std::uint64_t>(&trap_entry_without_sstc));
    }
}

void set(std::uint64_t time) {
    this_hart().armed_timer = time;
    if (board_kind.sstc) {
        return write<Csr::stimecmp>(time);
    }
    if (time == never) {
        return clear_bits<Csr::sie>(csr::interrupt::st);  // a call of the firmware less
    }
    firmware::set_timer(time);
    set_bits<Csr::sie>(csr::interrupt::st);
}

}  // namespace mullion::arch::timer
