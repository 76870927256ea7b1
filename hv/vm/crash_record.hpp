// SPDX-License-Identifier: Apache-2.0
// Records a guest's last crash, for debuggers (docs/guide.md): doublewords in this order. The symbol mullion_crashes is
// an array with a record for each guest in the description's order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vm/exit_log.hpp"

namespace mullion {

struct CrashRecord {
    std::uint64_t number = 0;        ///< crashes of this guest since boot; the rest is valid only if it is not 0
    std::uint64_t guest_hart = 0;    ///< the guest's hart id of the hart that crashed
    std::uint64_t machine_hart = 0;  ///< its physical hart id

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
    ExitLog exits;                      ///< a ring of records of four doublewords, then how many there were in all
};

static_assert(offsetof(CrashRecord, x) == 18 * 8 && offsetof(CrashRecord, exits) == 50 * 8 &&
              sizeof(CrashRecord) == (50 + 4 * ExitLog::depth + 1) * 8);

}  // namespace mullion
