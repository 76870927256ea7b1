// SPDX-License-Identifier: Apache-2.0
// Events, flags and structures of SBI 3.0, "Performance Monitoring Unit Extension", with the chapter's names.
#pragma once

#include <cstdint>
#include <optional>

namespace mullion {

enum class PmuEventType : std::uint64_t { general = 0, cache = 1, raw = 2, raw_v2 = 3, firmware = 15 };

/// An event: event_idx and event_data.
struct PmuEvent {
    std::uint64_t index = 0;
    std::uint64_t data = 0;

    /// Returns the type. event_idx has 20 bits; if a higher one is set, the result is no type.
    constexpr PmuEventType type() const { return static_cast<PmuEventType>(index >> 16); }
    constexpr std::uint32_t code() const { return static_cast<std::uint32_t>(index & 0xffff); }
    constexpr bool operator==(const PmuEvent&) const = default;
};

constexpr PmuEvent event_of(PmuEventType type, std::uint32_t code, std::uint64_t data = 0) {
    return {static_cast<std::uint64_t>(type) << 16 | code, data};
}

inline constexpr PmuEvent cpu_cycles = event_of(PmuEventType::general, 1);
inline constexpr PmuEvent instructions = event_of(PmuEventType::general, 2);

/// Numbers of codes in the chapter's tables of general and cache events: largest code + 1.
inline constexpr std::uint32_t general_events = 11;
inline constexpr std::uint32_t cache_events = (6 << 3 | 2 << 1 | 1) + 1;

/// Number of low bits of event_data that a raw event may set.
inline constexpr unsigned raw_bits = 48;
inline constexpr unsigned raw_v2_bits = 58;

/// Returns whether event_idx is encoded as the chapter says. Reserved codes of firmware events conform, too.
constexpr bool conforms(std::uint64_t event_index) {
    const auto code = PmuEvent{event_index}.code();
    switch (PmuEvent{event_index}.type()) {
        case PmuEventType::general:
            return code < general_events;
        case PmuEventType::cache:
            return code < cache_events && (code >> 1 & 3) != 3;
        case PmuEventType::raw:
        case PmuEventType::raw_v2:
            return code == 0;
        case PmuEventType::firmware:
            return true;
    }
    return false;
}

/// The firmware events that count a guest's SBI calls.
enum class FirmwareEvent : std::uint32_t {
    set_timer = 5,
    ipi_sent,
    ipi_received,
    fence_i_sent,
    fence_i_received,
    sfence_vma_sent,
    sfence_vma_received,
    sfence_vma_asid_sent,
    sfence_vma_asid_received,
};

constexpr FirmwareEvent received(FirmwareEvent sent) {
    return static_cast<FirmwareEvent>(static_cast<std::uint32_t>(sent) + 1);
}

namespace pmu_config {
inline constexpr std::uint64_t skip_match = 1 << 0;
inline constexpr std::uint64_t clear_value = 1 << 1;
inline constexpr std::uint64_t auto_start = 1 << 2;
inline constexpr std::uint64_t set_vuinh = 1 << 3;
inline constexpr std::uint64_t set_vsinh = 1 << 4;
inline constexpr std::uint64_t set_uinh = 1 << 5;
inline constexpr std::uint64_t set_sinh = 1 << 6;
inline constexpr std::uint64_t set_minh = 1 << 7;
inline constexpr std::uint64_t all = (1 << 8) - 1;
}  // namespace pmu_config

namespace pmu_start {
inline constexpr std::uint64_t set_init_value = 1 << 0;
inline constexpr std::uint64_t init_snapshot = 1 << 1;
inline constexpr std::uint64_t all = (1 << 2) - 1;
}  // namespace pmu_start

namespace pmu_stop {
inline constexpr std::uint64_t reset = 1 << 0;
inline constexpr std::uint64_t take_snapshot = 1 << 1;
inline constexpr std::uint64_t all = (1 << 2) - 1;
}  // namespace pmu_stop

/// Fields of counter_info. A hardware counter has only these.
namespace counter_info {
inline constexpr std::uint64_t firmware = std::uint64_t{1} << 63;
inline constexpr std::uint64_t hardware_fields = (1 << 18) - 1;
inline constexpr std::uint64_t width_64 = 63 << 12;
constexpr std::uint32_t csr(std::uint64_t info) {
    return info & 0xfff;
}
}  // namespace counter_info

/// CSRs of the counters: cycle, time, instret, hpmcounter3 and so on.
inline constexpr std::uint32_t first_counter_csr = 0xc00;
inline constexpr std::uint32_t counter_csrs = 32;
inline constexpr std::uint32_t cycle_csr = 0xc00;
inline constexpr std::uint32_t instret_csr = 0xc02;

/// Returns the bit of a counter's CSR in hcounteren and scountovf; nothing if the CSR cannot be a PMU counter, as
/// `time`.
constexpr std::optional<std::uint32_t> counter_number(std::uint32_t csr) {
    constexpr std::uint32_t time = 1;
    const auto number = csr - first_counter_csr;
    return number < counter_csrs && number != time ? std::optional{number} : std::nullopt;
}

/// A set of counters: counter_idx_base and counter_idx_mask.
struct CounterSet {
    std::uint64_t base = 0;
    std::uint64_t mask = 0;

    /// Returns the set as a mask of counters 0 .. count-1, nothing if it has a counter beyond. An empty set is valid
    /// with any base. Requires: `count` <= 64.
    constexpr std::optional<std::uint64_t> among(unsigned count) const {
        if (mask == 0) {
            return 0;
        }
        if (base >= count || (count - base < 64 && mask >> (count - base) != 0)) {
            return std::nullopt;
        }
        return mask << base;
    }

    constexpr bool operator==(const CounterSet&) const = default;
};

constexpr CounterSet only_counter(unsigned counter) {
    return {counter, 1};
}

/// Layout of the snapshot shared memory in bytes: a bitmap of overflown counters, then the values.
inline constexpr std::uint64_t snapshot_size = 4096;
inline constexpr unsigned snapshot_values_at = 8;

/// An entry of sbi_pmu_event_get_info: reserved bits of its first word (event_idx), and its size in bytes.
inline constexpr std::uint32_t event_reserved_bits = 0xfff0'0000;
inline constexpr std::uint64_t event_entry_size = 16;
inline constexpr unsigned event_output_at = 4;
inline constexpr unsigned event_data_at = 8;

}  // namespace mullion
