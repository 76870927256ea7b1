// SPDX-License-Identifier: Apache-2.0
// What is asked of the SBI firmware: to start harts, to end the machine, to work the calling hart's counters, and,
// where the machine has nothing better, timers and interrupts between harts. Of a guest's arguments only the PMU's
// reach it, after rooms/pmu_hardware.hpp has checked and composed them.
#pragma once

#include <cstdint>

#include "core/address.hpp"
#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"

namespace mullion::arch::firmware {

// With an error the value is 0, whatever the firmware left there.

SbiResult get_spec_version();
SbiResult probe_extension(SbiExtension extension);
SbiResult machine_vendor_id();
SbiResult machine_arch_id();
SbiResult machine_impl_id();
SbiResult hart_start(HartId hart, Hpa entry);
SbiResult hart_status(HartId hart);

/// Has the calling hart's timer interrupt come at `time`, in ticks; until then none is pending.
void set_timer(std::uint64_t time);

/// Sends one hart a supervisor software interrupt.
void send_ipi(HartId hart);

/// The PMU extension, of the calling hart.
SbiResult num_counters();
SbiResult counter_info(std::uint64_t counter);
SbiResult configure_counter(CounterSet set, std::uint64_t flags, PmuEvent event);
SbiResult start_counters(CounterSet set, std::uint64_t flags, std::uint64_t value);
SbiResult stop_counters(CounterSet set, std::uint64_t flags);

/// The FWFT extension, of the calling hart.
SbiResult feature(FwftFeature feature);
SbiResult set_feature(FwftFeature feature, std::uint64_t value);

[[noreturn]] void hart_stop();

/// Ends the machine. Does not return: if the firmware does not reset the system, the hart waits for ever.
[[noreturn]] void shutdown(bool failure);

}  // namespace mullion::arch::firmware
