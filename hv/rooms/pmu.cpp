// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu.hpp"

#include "arch/firmware.hpp"
#include "arch/guest_hart.hpp"
#include "arch/memory.hpp"
#include "boot/checks.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {
namespace {

/// Checks at boot, if the board declares Sscofpmf, that overflow interrupts can reach the guest.
void check_overflow(const Hart& hart) {
    if (!arch::has_scountovf()) {
        boot::refuse_hart(hart, "lacks Sscofpmf, which the board file declares");
    }
    if (!arch::guest_hart::route_overflow(hart)) {
        boot::refuse_hart(hart, "neither hideleg nor hvien takes bit 13: the board file must not declare Sscofpmf");
    }
}

/// Discovers what the hart can count, and lets the guest read the counters.
void find_counters(const Hart& hart, VCpu& self) {
    auto& pmu = self.pmu;
    pmu.overflows = hart.features.has(Extension::sscofpmf);
    if (pmu.overflows) {
        check_overflow(hart);
    }
    pmu.takes_raw_v2 = arch::firmware::get_spec_version().value >= sbi_version(3, 0);
    discover_counters(pmu, run::hart_port);
    reset_counters(pmu, run::hart_port);  // now, when no guest waits for the hart yet
    auto readable = arch::guest_hart::fixed_counters;
    for_each_counter(pmu.hardware, [&](unsigned i) {
        readable |= counter_bit(*counter_number(counter_info::csr(pmu.counters[i].info)));
    });
    arch::guest_hart::open_counters(readable);
}

void reset(VCpu& self) {
    reset_counters(self.pmu, run::hart_port);
}

}  // namespace

constinit const run::StateRoom pmu{pmu_row<run::HartPort>, find_counters, reset};

}  // namespace mullion::rooms
