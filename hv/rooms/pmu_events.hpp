// SPDX-License-Identifier: Apache-2.0
// Answers "Function: Get PMU Event info" of the SBI PMU extension.
#pragma once

#include <cstdint>

#include "core/address.hpp"
#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "rooms/pmu_hardware.hpp"
#include "rooms/pmu_own.hpp"
#include "rooms/pmu_port.hpp"
#include "vm/guest_memory.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/shared_words.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// The most entries of one call, which bounds the time in the hypervisor. There are some 60 events with a number.
inline constexpr std::uint64_t event_entries_limit = 4096;

/// Returns whether a counter can monitor the event. event_data is ignored for general and cache events. Raw events are
/// known only to the firmware, which is asked with a counter that holds no event.
template <PmuPort Port>
bool is_monitored(const Pmu& pmu, Port& port, PmuEvent event) {
    const bool raw = event.type() == PmuEventType::raw || event.type() == PmuEventType::raw_v2;
    if (!raw) {
        const auto data = event.type() == PmuEventType::firmware ? event.data : 0;
        return counts_event({event.index, data}) || forwarded(pmu, {event.index, data});
    }
    const auto asked = forwarded(pmu, event);
    const auto free = pmu.hardware & ~(pmu.configured | pmu.started);
    return asked && try_event(port, free, *asked);
}

/// Answers for each entry in guest memory. All entries are checked before any is written, so that after an error
/// nothing was changed. No entry crosses windows, which are whole pages.
template <PmuPort Port>
SbiResult event_info(VCpu& self, Port& port, std::uint64_t low, std::uint64_t high, std::uint64_t entries,
                     std::uint64_t flags) {
    if (flags != 0 || low % event_entry_size != 0) {
        return {SbiError::invalid_param};
    }
    if (entries > event_entries_limit) {
        return {SbiError::failed};
    }
    if (high != 0 || !is_guest_memory(self.guest, Gpa{low}, entries * event_entry_size, Rights::rw)) {
        return {SbiError::invalid_address};
    }
    const auto entry = [&](std::uint64_t i) {
        const auto at = find(self.guest, Gpa{low} + i * event_entry_size, event_entry_size, Rights::rw);
        return port.guest_memory(*at, event_entry_size);
    };
    for (std::uint64_t i = 0; i < entries; ++i) {
        if ((load<std::uint32_t>(entry(i), 0) & event_reserved_bits) != 0) {
            return {SbiError::invalid_param};
        }
    }
    for (std::uint64_t i = 0; i < entries; ++i) {
        const auto memory = entry(i);
        const PmuEvent event{load<std::uint32_t>(memory, 0), load<std::uint64_t>(memory, event_data_at)};
        store<std::uint32_t>(memory, event_output_at, is_monitored(self.pmu, port, event));
        serve_requests(self, port);
    }
    return {};
}

}  // namespace mullion
