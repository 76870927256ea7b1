// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu.hpp"

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/guest_hart.hpp"
#include "arch/memory.hpp"
#include "boot/checks.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {
namespace {

/// What the counters need (rooms/pmu_port.hpp) on this machine.
struct PmuHartPort : run::HartPort {
    std::uint64_t firmware_counters() { return arch::firmware::num_counters().value; }
    SbiResult counter_info(std::uint64_t counter) { return arch::firmware::counter_info(counter); }
    SbiResult configure_counter(CounterSet set, std::uint64_t flags, PmuEvent event) {
        return arch::firmware::configure_counter(set, flags, event);
    }
    SbiResult start_counters(CounterSet set, std::uint64_t flags, std::uint64_t value) {
        return arch::firmware::start_counters(set, flags, value);
    }
    SbiResult stop_counters(CounterSet set, std::uint64_t flags) { return arch::firmware::stop_counters(set, flags); }
    std::optional<std::uint64_t> read_counter(std::uint64_t number) { return arch::read_counter(number); }
    std::uint64_t overflown_counters() { return arch::read<arch::Csr::scountovf>(); }
};

constinit PmuHartPort pmu_port;

/// Lets overflow interrupts reach the guest.
void configure_overflow(const Hart& hart) {
    if (!arch::guest_hart::route_overflow(hart)) {
        boot::refuse_hart(hart, "neither hideleg nor hvien takes bit 13: the board file must not declare Sscofpmf");
    }
}

/// Discovers what the hart can count, and lets the guest read the counters.
void find_counters(const Hart& hart, VCpu& self) {
    auto& pmu = self.pmu;
    pmu.overflows = hart.features.has(Extension::sscofpmf);
    if (pmu.overflows) {
        configure_overflow(hart);
    }
    pmu.takes_raw_v2 = arch::firmware::get_spec_version().value >= sbi_version(3, 0);
    discover_counters(pmu, pmu_port);
    reset_counters(pmu, pmu_port);  // now, when no guest waits for the hart yet
    auto readable = arch::guest_hart::fixed_counters;
    for_each_counter(pmu.hardware, [&](unsigned i) {
        readable |= counter_bit(*counter_number(counter_info::csr(pmu.counters[i].info)));
    });
    arch::guest_hart::open_counters(readable);
}

void reset(VCpu& self) {
    reset_counters(self.pmu, pmu_port);
}

}  // namespace

constinit const run::StateRoom pmu{room_of<pmu_row<PmuHartPort>, pmu_port>(), find_counters, reset};

}  // namespace mullion::rooms
