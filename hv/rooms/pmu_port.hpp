// SPDX-License-Identifier: Apache-2.0
// Lists what the PMU extension needs of the machine besides guest memory (vm/sbi/port.hpp).
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

/// The firmware's PMU for the calling hart; its errors are returned unchanged. It never gets an address.
///
/// firmware_counters   num_counters; 0 where the firmware has no PMU extension
/// counter_info        counter_get_info
/// configure_counter   counter_config_matching
/// start_counters      counter_start
/// stop_counters       counter_stop
/// read_counter        the CSR first_counter_csr + `number`; nothing where it cannot be read
/// overflown_counters  scountovf, on a hart that has Sscofpmf
template <class Port>
concept PmuPort = SbiPort<Port> && requires(Port& port, CounterSet set, std::uint64_t number, PmuEvent event) {
    { port.firmware_counters() } -> std::same_as<std::uint64_t>;
    { port.counter_info(number) } -> std::same_as<SbiResult>;
    { port.configure_counter(set, number, event) } -> std::same_as<SbiResult>;
    { port.start_counters(set, number, number) } -> std::same_as<SbiResult>;
    { port.stop_counters(set, number) } -> std::same_as<SbiResult>;
    { port.read_counter(number) } -> std::same_as<std::optional<std::uint64_t>>;
    { port.overflown_counters() } -> std::same_as<std::uint64_t>;
};

}  // namespace mullion
