// SPDX-License-Identifier: Apache-2.0
// Emulates counters of firmware events: SBI calls of the calling hart, and what its siblings' calls asked of it. Calls
// are counted anyway; a counter only remembers its event's count when it was started.
#pragma once

#include <cstdint>

#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/pmu_counters.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Returns whether Mullion counts the event. It does not count platform events, calls that no guest can make (HFENCE),
/// and exceptions that go to the guest directly (misaligned accesses, access faults, illegal instructions).
constexpr bool counts_event(PmuEvent event) {
    return event.type() == PmuEventType::firmware && event.data == 0 &&
           event.code() >= static_cast<std::uint32_t>(FirmwareEvent::set_timer) &&
           event.code() <= static_cast<std::uint32_t>(FirmwareEvent::sfence_vma_asid_received);
}

/// Returns how often the event has occurred since boot. Requires: counts_event().
inline std::uint64_t occurrences(const VCpu& self, PmuEvent event) {
    const auto which = static_cast<FirmwareEvent>(event.code());
    return which == FirmwareEvent::set_timer ? self.exits_of(Exit::sbi_time)
                                             : self.messages_of(which).load(std::memory_order_relaxed);
}

inline std::uint64_t own_value(const VCpu& self, unsigned counter) {
    const auto& own = self.pmu.counters[counter];
    return (self.pmu.started >> counter & 1) != 0 ? occurrences(self, own.event) - own.value : own.value;
}

inline void start_own(VCpu& self, unsigned counter, std::uint64_t value) {
    auto& own = self.pmu.counters[counter];
    own.value = occurrences(self, own.event) - value;
    self.pmu.started |= counter_bit(counter);
}

inline void stop_own(VCpu& self, unsigned counter) {
    self.pmu.counters[counter].value = own_value(self, counter);
    self.pmu.started &= ~counter_bit(counter);
}

/// Configures one of the chosen counters, preferably one that holds no event.
inline SbiResult configure_own(VCpu& self, std::uint64_t chosen, std::uint64_t flags, PmuEvent event) {
    auto& pmu = self.pmu;
    const bool skip_match = (flags & pmu_config::skip_match) != 0;
    const auto candidates = (skip_match ? first_counter(chosen) : chosen & ~pmu.started) & ~pmu.hardware;
    const auto empty = candidates & ~pmu.configured;
    const auto bit = first_counter(empty != 0 ? empty : candidates);
    if (bit == 0 || !counts_event(event)) {
        return {SbiError::not_supported};
    }
    unsigned counter = 0;
    while (bit >> counter != 1) {
        ++counter;
    }
    if ((pmu.started & bit) != 0) {
        stop_own(self, counter);
    }
    pmu.configured |= bit;
    pmu.counters[counter].event = event;
    if ((flags & pmu_config::clear_value) != 0) {
        pmu.counters[counter].value = 0;
    }
    if ((flags & pmu_config::auto_start) != 0) {
        start_own(self, counter, pmu.counters[counter].value);
    }
    return {SbiError::success, counter};
}

}  // namespace mullion
