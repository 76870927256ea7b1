// SPDX-License-Identifier: Apache-2.0
// Holds the counters of a guest's hart (SBI, "Performance Monitoring Unit Extension"). A hardware counter has the
// firmware's index. All other indices, in the gaps and after the last hardware counter, are counters of firmware
// events, which Mullion emulates. So every index below count() is a counter, and a mask of all counters is valid.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/pmu_numbers.hpp"

namespace mullion {

inline constexpr unsigned hardware_counters = 32;  ///< at most, as there are no more CSRs
inline constexpr unsigned own_counters = 8;        ///< of firmware events, after the last hardware counter

constexpr std::uint64_t counter_bit(unsigned counter) {
    return std::uint64_t{1} << counter;
}

/// Returns a set with the first counter of `mask` only, the empty set if `mask` is empty.
constexpr std::uint64_t first_counter(std::uint64_t mask) {
    return mask & (~mask + 1);
}

struct Counter {
    std::uint32_t info = 0;      ///< counter_info of a hardware counter
    std::uint32_t inhibits = 0;  ///< flags that the firmware was given at its configuration
    PmuEvent event;              ///< event that the firmware was given at its configuration
    /// For a firmware event: the value while stopped; while started, the event's count since boot minus the value.
    std::uint64_t value = 0;
};

/// Requires: only the hart itself accesses it. Masks have bit i for counter i.
struct Pmu {
    unsigned count() const {
        unsigned top = 0;
        while (top < hardware_counters && hardware >> top != 0) {
            ++top;
        }
        return top + own_counters;
    }
    bool is_hardware(unsigned counter) const { return (hardware >> counter & 1) != 0; }

    // Constant after discovery at boot (rooms/pmu_hardware.hpp).
    std::uint64_t hardware = 0;
    std::uint64_t general = 0;  ///< bit n: some hardware counter monitors the general event n
    std::uint64_t cache = 0;    ///< bit n: some hardware counter monitors the cache event n
    bool takes_raw_v2 = false;  ///< the firmware knows events of type 3
    bool overflows = false;     ///< the hart has Sscofpmf

    // Changed by the guest's calls.
    std::uint64_t configured = 0;
    std::uint64_t started = 0;
    std::uint64_t free_running = 0;  ///< cycle and instret until they are stopped or configured; a part of `started`
    std::uint64_t used = 0;          ///< hardware counters that were configured in this life
    std::optional<Hpa> snapshot;
    std::array<Counter, hardware_counters + own_counters> counters{};
};

}  // namespace mullion
