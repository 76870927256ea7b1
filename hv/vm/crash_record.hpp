// SPDX-License-Identifier: Apache-2.0
// What is kept of a guest's last crash, for whoever looks with a debugger (docs/guide.md). Doublewords throughout, in
// this order; the symbol is mullion_crashes, an array with one record for each guest in the description's order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vm/exit_log.hpp"

namespace mullion {

struct CrashRecord {
    std::uint64_t number = 0;        ///< crashes of this guest since boot; 0: none, and the rest means nothing
    std::uint64_t guest_hart = 0;    ///< the hart that crashed, in the guest's numbering
    std::uint64_t machine_hart = 0;  ///< its hart id in the machine

    std::uint64_t pc = 0;  ///< sepc
    std::uint64_t scause = 0;
    std::uint64_t stval = 0;
    std::uint64_t htval = 0;
    std::uint64_t htinst = 0;
    std::uint64_t hstatus = 0;

    std::uint64_t vsstatus = 0;
    std::uint64_t vsie = 0;
    std::uint64_t vstvec = 0;
    std::uint64_t vsscratch = 0;
    std::uint64_t vsepc = 0;
    std::uint64_t vscause = 0;
    std::uint64_t vstval = 0;
    std::uint64_t vsip = 0;
    std::uint64_t vsatp = 0;

    std::array<std::uint64_t, 32> x{};  ///< the guest's registers; x[0] is 0
    ExitLog exits;                      ///< records of four doublewords in a ring, then how many there ever were
};

static_assert(offsetof(CrashRecord, x) == 18 * 8 && offsetof(CrashRecord, exits) == 50 * 8 &&
              sizeof(CrashRecord) == (50 + 4 * ExitLog::depth + 1) * 8);

}  // namespace mullion
