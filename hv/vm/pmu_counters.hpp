// SPDX-License-Identifier: Apache-2.0
// The counters of a guest's hart (SBI, "Performance Monitoring Unit Extension"). A hardware counter has the firmware's
// own index. Every other index, those behind and the holes between, is a counter of firmware events, which Mullion
// counts: so there is no index that a mask of all counters would have to leave out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/pmu_numbers.hpp"

namespace mullion {

inline constexpr unsigned hardware_counters = 32;  ///< at most; there are no more CSRs
inline constexpr unsigned own_counters = 8;        ///< of firmware events, behind the last hardware counter

constexpr std::uint64_t counter_bit(unsigned counter) {
    return std::uint64_t{1} << counter;
}

/// The first counter of a set, as a set; of none, none.
constexpr std::uint64_t first_counter(std::uint64_t mask) {
    return mask & (~mask + 1);
}

struct Counter {
    std::uint32_t info = 0;      ///< counter_info of a hardware counter
    std::uint32_t inhibits = 0;  ///< flags that it was configured with, as the firmware got them
    PmuEvent event;              ///< the last one that it was configured for, likewise
    /// Of a firmware event: the value; while started, what the event's own count is ahead of the value.
    std::uint64_t value = 0;
};

/// Touched by the hart itself. A mask has bit i for counter i.
struct Pmu {
    unsigned count() const {
        unsigned top = 0;
        while (top < hardware_counters && hardware >> top != 0) {
            ++top;
        }
        return top + own_counters;
    }
    bool is_hardware(unsigned counter) const { return (hardware >> counter & 1) != 0; }

    // What the hart has: found at boot (rooms/pmu_hardware.hpp), the same ever after.
    std::uint64_t hardware = 0;
    std::uint64_t general = 0;  ///< bit n: some hardware counter monitors the general event n
    std::uint64_t cache = 0;    ///< the same of the cache event n
    bool takes_raw_v2 = false;  ///< the firmware knows events of type 3
    bool overflows = false;     ///< the hart has Sscofpmf

    // What the guest made of it.
    std::uint64_t configured = 0;
    std::uint64_t started = 0;
    std::uint64_t free_running = 0;  ///< cycle and instret until they are stopped or configured; a part of `started`
    std::uint64_t used = 0;          ///< hardware counters that were configured in this life
    std::optional<Hpa> snapshot;
    std::array<Counter, hardware_counters + own_counters> counters{};
};

}  // namespace mullion
