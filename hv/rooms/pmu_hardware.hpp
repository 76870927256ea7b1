// SPDX-License-Identifier: Apache-2.0
// Manages a hart's hardware counters for its guest, whose hart never changes. Only the firmware can configure, start
// and stop them; it gets a guest's requests only after they were checked and composed anew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "rooms/pmu_port.hpp"
#include "vm/pmu_counters.hpp"

namespace mullion {

/// Calls `visit(counter)` for each counter of the mask, in ascending order.
template <class Visit>
void for_each_counter(std::uint64_t mask, Visit visit) {
    for (unsigned counter = 0; mask != 0; mask >>= 1, ++counter) {
        if ((mask & 1) != 0) {
            visit(counter);
        }
    }
}

/// Returns the inhibit flags for the firmware. A guest may count only itself: its S and U are VS and VU, and HS-mode (S
/// to the firmware), U-mode and M-mode are always inhibited, as far as the hart has filters. The guest's own flags for
/// VS, VU and M are ignored: it has no guests and no firmware of its own.
constexpr std::uint64_t inhibits_of(std::uint64_t config_flags) {
    using namespace pmu_config;
    return set_minh | set_sinh | set_uinh | ((config_flags & set_sinh) != 0 ? set_vsinh : 0) |
           ((config_flags & set_uinh) != 0 ? set_vuinh : 0);
}

/// Returns the event to ask the firmware for, nothing if no hardware counter monitors it. An event of type 3 whose data
/// fits type 2 becomes one of type 2 for firmware that only knows that (before SBI 3.0).
inline std::optional<PmuEvent> forwarded(const Pmu& pmu, PmuEvent event) {
    const bool known = conforms(event.index);
    switch (event.type()) {
        case PmuEventType::general:
            return known && (pmu.general >> event.code() & 1) != 0 && event.data == 0 ? std::optional{event}
                                                                                      : std::nullopt;
        case PmuEventType::cache:
            return known && (pmu.cache >> event.code() & 1) != 0 && event.data == 0 ? std::optional{event}
                                                                                    : std::nullopt;
        case PmuEventType::raw:
            return known && event.data >> raw_bits == 0 ? std::optional{event} : std::nullopt;
        case PmuEventType::raw_v2:
            if (known && event.data >> raw_bits == 0 && !pmu.takes_raw_v2) {
                return event_of(PmuEventType::raw, 0, event.data);
            }
            return known && event.data >> raw_v2_bits == 0 && pmu.takes_raw_v2 ? std::optional{event} : std::nullopt;
        default:
            return std::nullopt;
    }
}

/// Configures one of the candidates, and returns which. Requires: the firmware holds no candidate for occupied. OpenSBI
/// answers cycles and instructions with the fixed counters even if they are no candidates; that counts as failure.
template <PmuPort Port>
std::optional<unsigned> take_counter(Port& port, std::uint64_t candidates, std::uint64_t inhibits, PmuEvent event) {
    if (candidates == 0) {
        return std::nullopt;
    }
    const auto result = port.configure_counter({0, candidates}, inhibits, event);
    if (result.error != SbiError::success || result.value >= hardware_counters ||
        (candidates >> result.value & 1) == 0) {
        return std::nullopt;
    }
    return static_cast<unsigned>(result.value);
}

/// Gives an occupied counter another event, and returns whether it can monitor that; if not, restores its old event.
template <PmuPort Port>
bool reconfigure(const Pmu& pmu, Port& port, unsigned counter, std::uint64_t inhibits, PmuEvent event) {
    port.stop_counters(only_counter(counter), pmu_stop::reset);
    if (take_counter(port, counter_bit(counter), inhibits, event)) {
        return true;
    }
    const auto& old = pmu.counters[counter];
    port.configure_counter(only_counter(counter), old.inhibits, old.event);
    if ((pmu.started >> counter & 1) != 0) {
        port.start_counters(only_counter(counter), 0, 0);
    }
    return false;
}

/// Finds and configures one of the candidates, preferably one that holds no event.
template <PmuPort Port>
std::optional<unsigned> find_hardware(const Pmu& pmu, Port& port, std::uint64_t candidates, std::uint64_t inhibits,
                                      PmuEvent event) {
    const auto occupied = candidates & (pmu.configured | pmu.started);
    auto found = take_counter(port, candidates & ~occupied, inhibits, event);
    for_each_counter(occupied, [&](unsigned counter) {
        if (!found && reconfigure(pmu, port, counter, inhibits, event)) {
            found = counter;
        }
    });
    return found;
}

/// Sets a configured counter to 0 and leaves it stopped. It takes two calls: OpenSBI ignores the second for raw and
/// cache events, and after the first an unfiltered counter counts until it is stopped.
template <PmuPort Port>
void clear_hardware(const Pmu& pmu, Port& port, unsigned counter) {
    const auto& configured = pmu.counters[counter];
    port.start_counters(only_counter(counter), pmu_start::set_init_value, 0);
    port.stop_counters(only_counter(counter), 0);
    port.configure_counter(only_counter(counter),
                           pmu_config::skip_match | pmu_config::clear_value | configured.inhibits, configured.event);
}

/// Starts counters. Requires: those in `mask` are configured and not started.
template <PmuPort Port>
SbiError start_hardware(Pmu& pmu, Port& port, std::uint64_t mask, std::uint64_t flags, std::uint64_t value) {
    if (mask == 0) {
        return SbiError::success;
    }
    const auto result = port.start_counters({0, mask}, flags, value);
    if (result.error == SbiError::success) {
        pmu.started |= mask;
    }
    return result.error;
}

template <PmuPort Port>
SbiResult configure_hardware(Pmu& pmu, Port& port, std::uint64_t chosen, std::uint64_t flags, PmuEvent event) {
    const auto asked = forwarded(pmu, event);
    const auto running = pmu.started & ~pmu.free_running;
    const auto candidates =
        pmu.hardware & ((flags & pmu_config::skip_match) != 0 ? first_counter(chosen) : chosen & ~running);
    const auto found = asked ? find_hardware(pmu, port, candidates, inhibits_of(flags), *asked) : std::nullopt;
    if (!found) {
        return {SbiError::not_supported};
    }
    const auto bit = counter_bit(*found);
    pmu.counters[*found].event = *asked;
    pmu.counters[*found].inhibits = static_cast<std::uint32_t>(inhibits_of(flags));
    pmu.configured |= bit;
    pmu.used |= bit;
    pmu.started &= ~bit;
    pmu.free_running &= ~bit;
    if ((flags & pmu_config::clear_value) != 0) {
        clear_hardware(pmu, port, *found);
    }
    if ((flags & pmu_config::auto_start) != 0) {
        const auto error = start_hardware(pmu, port, bit, 0, 0);
        if (error != SbiError::success) {
            return {error};
        }
    }
    return {SbiError::success, *found};
}

/// Returns whether some counter of the set can monitor the event. Requires: none of them is configured.
template <PmuPort Port>
bool try_event(Port& port, std::uint64_t counters, PmuEvent event) {
    const auto counter = take_counter(port, counters, inhibits_of(0), event);
    if (counter) {
        port.stop_counters(only_counter(*counter), pmu_stop::reset);
    }
    return counter.has_value();
}

template <PmuPort Port>
std::uint64_t find_hardware_counters(Pmu& pmu, Port& port) {
    const auto offered = std::min<std::uint64_t>(port.firmware_counters(), hardware_counters);
    std::uint64_t found = 0;
    for (unsigned i = 0; i < offered; ++i) {
        const auto info = port.counter_info(i);
        const auto number = counter_number(counter_info::csr(info.value));
        if (info.error == SbiError::success && (info.value & counter_info::firmware) == 0 && number &&
            port.read_counter(*number)) {
            found |= counter_bit(i);
            pmu.counters[i].info = static_cast<std::uint32_t>(info.value & counter_info::hardware_fields);
        }
    }
    return found;
}

/// Returns a mask of the codes of a type's events that some counter of the set can monitor.
template <PmuPort Port>
std::uint64_t find_events(Port& port, std::uint64_t counters, PmuEventType type, std::uint32_t codes) {
    std::uint64_t events = 0;
    for (std::uint32_t code = 0; code < codes; ++code) {
        const auto event = event_of(type, code);
        // event_idx cannot be zero (SBI, table "PMU Hardware Events").
        if (event.index != 0 && conforms(event.index) && try_event(port, counters, event)) {
            events |= counter_bit(code);
        }
    }
    return events;
}

/// Discovers, at boot on the hart, what firmware and hart offer. Each event with a number is tried once, so that what a
/// guest learns of it does not depend on the counters that it has in use. Every counter is marked as used, since
/// firmware may have left a value in it, which reset_counters() clears.
template <PmuPort Port>
void discover_counters(Pmu& pmu, Port& port) {
    pmu.hardware = find_hardware_counters(pmu, port);
    pmu.general = find_events(port, pmu.hardware, PmuEventType::general, general_events);
    pmu.cache = find_events(port, pmu.hardware, PmuEventType::cache, cache_events);
    const auto use_for = [&](unsigned counter, PmuEventType type, std::uint64_t events) {
        for_each_counter(events, [&](std::uint32_t code) {
            const auto event = event_of(type, code);
            if ((pmu.used >> counter & 1) == 0 && try_event(port, counter_bit(counter), event)) {
                pmu.counters[counter].event = event;
                pmu.counters[counter].inhibits = static_cast<std::uint32_t>(inhibits_of(0));
                pmu.used |= counter_bit(counter);
            }
        });
    };
    for_each_counter(pmu.hardware, [&](unsigned counter) {
        use_for(counter, PmuEventType::general, pmu.general);
        use_for(counter, PmuEventType::cache, pmu.cache);
    });
}

/// Lets cycle and instret count from the start of a guest's hart, as after a reset.
template <PmuPort Port>
void run_freely(Pmu& pmu, Port& port) {
    for_each_counter(pmu.hardware, [&](unsigned i) {
        const auto csr = counter_info::csr(pmu.counters[i].info);
        if (csr != cycle_csr && csr != instret_csr) {
            return;
        }
        auto& counter = pmu.counters[i];
        counter.event = csr == cycle_csr ? cpu_cycles : instructions;
        counter.inhibits = static_cast<std::uint32_t>(inhibits_of(0));
        port.stop_counters(only_counter(i), pmu_stop::reset);
        port.configure_counter(only_counter(i), counter.inhibits, counter.event);
        if (start_hardware(pmu, port, counter_bit(i), pmu_start::set_init_value, 0) == SbiError::success) {
            pmu.free_running |= counter_bit(i);
        }
    });
}

/// Resets counters for the start of a guest's hart: none is configured, and values of an earlier life are cleared.
template <PmuPort Port>
void reset_counters(Pmu& pmu, Port& port) {
    if (const auto running = pmu.started & pmu.hardware) {
        port.stop_counters({0, running}, 0);
    }
    for_each_counter(pmu.used, [&](unsigned i) {
        if ((pmu.configured >> i & 1) == 0) {
            port.configure_counter(only_counter(i), pmu.counters[i].inhibits, pmu.counters[i].event);
        }
        clear_hardware(pmu, port, i);
        port.stop_counters(only_counter(i), pmu_stop::reset);
    });
    for (auto& counter : pmu.counters) {
        counter.event = {};
        counter.value = 0;
    }
    pmu.configured = pmu.started = pmu.free_running = pmu.used = 0;
    pmu.snapshot.reset();
    run_freely(pmu, port);
}

}  // namespace mullion
