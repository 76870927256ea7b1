// SPDX-License-Identifier: Apache-2.0
// Fakes the firmware's PMU of one hart, which strictly follows the chapter in SBI 2.0: cycle, instret, two counters of
// generic events, and a firmware counter.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"

namespace mullion {

struct FakePmu {
    struct Hardware {
        std::uint32_t csr = 0;
        std::set<std::uint64_t> events{};
        std::optional<PmuEvent> event{};
        std::uint64_t flags = 0;
        bool started = false;
        std::uint64_t value = 0;
    };
    struct Configured {
        CounterSet set;
        std::uint64_t flags;
        PmuEvent event;
    };

    static constexpr std::uint64_t misses = 0x10019;  ///< of the data TLB
    static constexpr std::uint64_t raw = 0x20000;
    static constexpr unsigned firmware_counter = 5;

    std::uint64_t firmware_counters() const { return present ? 6 : 0; }

    SbiResult counter_info(std::uint64_t counter) const {
        if (counter == firmware_counter) {
            return {SbiError::success, counter_info::firmware};
        }
        if (!hardware.contains(counter)) {
            return {SbiError::invalid_param};
        }
        return {SbiError::success, hardware.at(counter).csr | std::uint64_t{47} << 12};
    }

    SbiResult configure_counter(CounterSet set, std::uint64_t flags, PmuEvent event) {
        configured.push_back({set, flags, event});
        for (auto& [counter, it] : hardware) {
            if (!contains(set, counter)) {
                continue;
            }
            if ((flags & pmu_config::skip_match) == 0) {
                if (it.started || it.event || !it.events.contains(event.index)) {
                    continue;
                }
                it.event = event;
                it.flags = flags;
            }
            if ((flags & pmu_config::clear_value) != 0) {
                it.value = 0;
            }
            return {SbiError::success, ignores_mask ? 0 : counter};
        }
        return {SbiError::not_supported};
    }

    SbiResult start_counters(CounterSet set, std::uint64_t flags, std::uint64_t value) {
        if (refuses_start) {
            return {SbiError::failed};
        }
        SbiResult result;
        for (auto& [counter, it] : hardware) {
            if (!contains(set, counter)) {
                continue;
            }
            if (it.started || !it.event) {
                result = {it.started ? SbiError::already_started : SbiError::invalid_param};
                continue;
            }
            it.started = true;
            it.value = (flags & pmu_start::set_init_value) != 0 ? value : it.value;
        }
        return result;
    }

    SbiResult stop_counters(CounterSet set, std::uint64_t flags) {
        SbiResult result;
        for (auto& [counter, it] : hardware) {
            if (!contains(set, counter)) {
                continue;
            }
            if (!it.started) {
                result = {SbiError::already_stopped};
            }
            it.started = false;
            if ((flags & pmu_stop::reset) != 0) {
                it.event.reset();
            }
        }
        return result;
    }

    std::optional<std::uint64_t> read_counter(std::uint64_t number) {
        for (const auto& [counter, it] : hardware) {
            if (it.csr == first_counter_csr + number && number != unreadable) {
                return it.value;
            }
        }
        return std::nullopt;
    }

    static bool contains(CounterSet set, std::uint64_t counter) {
        return counter >= set.base && counter - set.base < 64 && (set.mask >> (counter - set.base) & 1) != 0;
    }

    std::map<std::uint64_t, Hardware> hardware{{0, {.csr = 0xc00, .events = {1}}},
                                               {2, {.csr = 0xc02, .events = {2}}},
                                               {3, {.csr = 0xc03, .events = {1, misses, raw}}},
                                               {4, {.csr = 0xc04, .events = {1, misses}}}};
    std::vector<Configured> configured;
    std::uint64_t overflown = 0;   ///< scountovf
    std::uint64_t unreadable = 1;  ///< the number of a CSR
    bool present = true;
    bool ignores_mask = false;  ///< answers counter 0 to everything
    bool refuses_start = false;
};

}  // namespace mullion
