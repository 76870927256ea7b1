// SPDX-License-Identifier: Apache-2.0
// Calls the PMU extension (SBI chapter 11). Numbers are the specification's, written down again.
#pragma once

#include <cstdint>
#include <optional>

#include "common/sbi.hpp"

namespace probe::pmu {

using namespace guest;

inline constexpr std::uint64_t cycles = 1;
inline constexpr std::uint64_t instructions = 2;
inline constexpr std::uint64_t firmware_event = 0xf0000;  ///< plus its code

enum ConfigFlag : std::uint64_t {
    skip_match = 1,
    clear_value = 2,
    auto_start = 4,
    set_vuinh = 8,
    set_vsinh = 16,
    set_uinh = 32,
    set_sinh = 64,
    set_minh = 128
};
enum StartFlag : std::uint64_t { set_init_value = 1, init_snapshot = 2 };
enum StopFlag : std::uint64_t { reset = 1, take_snapshot = 2 };

inline constexpr std::uint64_t bit(std::uint64_t n) {
    return std::uint64_t{1} << n;
}

inline sbi::Result num_counters() {
    return sbi::call(sbi::pmu, 0);
}
inline sbi::Result get_info(std::uint64_t counter) {
    return sbi::call(sbi::pmu, 1, {counter});
}
inline sbi::Result configure(std::uint64_t mask, std::uint64_t event, std::uint64_t flags = 0, std::uint64_t data = 0,
                             std::uint64_t base = 0) {
    return sbi::call(sbi::pmu, 2, {base, mask, flags, event, data});
}
inline sbi::Result start(std::uint64_t mask, std::uint64_t flags = 0, std::uint64_t value = 0, std::uint64_t base = 0) {
    return sbi::call(sbi::pmu, 3, {base, mask, flags, value});
}
inline sbi::Result stop(std::uint64_t mask, std::uint64_t flags = 0, std::uint64_t base = 0) {
    return sbi::call(sbi::pmu, 4, {base, mask, flags});
}
inline sbi::Result fw_read(std::uint64_t counter) {
    return sbi::call(sbi::pmu, 5, {counter});
}
inline sbi::Result fw_read_hi(std::uint64_t counter) {
    return sbi::call(sbi::pmu, 6, {counter});
}
inline sbi::Result set_shmem(std::uint64_t low, std::uint64_t high = 0, std::uint64_t flags = 0) {
    return sbi::call(sbi::pmu, 7, {low, high, flags});
}
inline sbi::Result event_info(std::uint64_t low, std::uint64_t entries, std::uint64_t high = 0,
                              std::uint64_t flags = 0) {
    return sbi::call(sbi::pmu, 8, {low, high, entries, flags});
}

/// Stops every counter and removes its event. Fails the case without a PMU.
void begin();
/// Return masks of all counters, of hardware counters, and of firmware counters.
std::uint64_t all();
std::uint64_t hardware();
std::uint64_t own();

/// Configures one of the counters for the event and returns it; fails the case if none can.
std::uint64_t take(std::uint64_t mask, std::uint64_t event, std::uint64_t flags = 0);
/// Returns the value of a counter, by its CSR or by fw_read.
std::uint64_t value(std::uint64_t counter);
/// Starts a hardware and a firmware counter from values that they would not reach otherwise.
void leave_started();
/// Expects counters as of a hart that has just started: none is configured, none has an old value, and cycle runs.
void expect_new();
/// Executes some thousand instructions.
void work();

}  // namespace probe::pmu
