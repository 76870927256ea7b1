// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Performance Monitoring Unit extension. If some counters of a set are already started (stopped), the
// others are started (stopped) anyway, as firmware does and drivers expect. After any other error nothing was changed.
#pragma once

#include <cstdint>
#include <span>

#include "core/address.hpp"
#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "rooms/pmu_events.hpp"
#include "rooms/pmu_hardware.hpp"
#include "rooms/pmu_own.hpp"
#include "rooms/pmu_port.hpp"
#include "vm/guest_memory.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/shared_words.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

inline SbiResult get_counter_info(const Pmu& pmu, std::uint64_t counter) {
    if (counter >= pmu.count()) {
        return {SbiError::invalid_param};
    }
    return {SbiError::success, pmu.is_hardware(static_cast<unsigned>(counter))
                                   ? pmu.counters[counter].info
                                   : counter_info::firmware | counter_info::width_64};
}

template <PmuPort Port>
SbiResult configure_counter(VCpu& self, Port& port, CounterSet set, std::uint64_t flags, PmuEvent event) {
    const auto chosen = set.among(self.pmu.count());
    if (!chosen || (flags & ~pmu_config::all) != 0) {
        return {SbiError::invalid_param};
    }
    return event.type() == PmuEventType::firmware ? configure_own(self, *chosen, flags, event)
                                                  : configure_hardware(self.pmu, port, *chosen, flags, event);
}

/// Returns the offset in the snapshot, in bytes, of the value of `counter` in a set that begins at `base`.
constexpr std::size_t snapshot_place(unsigned counter, std::uint64_t base) {
    return snapshot_values_at + (counter - base) * sizeof(std::uint64_t);
}

template <PmuPort Port>
SbiError start_from_snapshot(VCpu& self, Port& port, std::uint64_t mask, std::uint64_t base) {
    const std::span<const std::uint8_t> memory = port.guest_memory(*self.pmu.snapshot, snapshot_size);
    auto error = SbiError::success;
    for_each_counter(mask, [&](unsigned counter) {
        const auto value = load<std::uint64_t>(memory, snapshot_place(counter, base));
        if (!self.pmu.is_hardware(counter)) {
            start_own(self, counter, value);
        } else if (error == SbiError::success) {
            error = start_hardware(self.pmu, port, counter_bit(counter), pmu_start::set_init_value, value);
        }
    });
    return error;
}

template <PmuPort Port>
SbiError start_with(VCpu& self, Port& port, std::uint64_t mask, std::uint64_t flags, std::uint64_t value) {
    for_each_counter(mask & ~self.pmu.hardware, [&](unsigned counter) {
        start_own(self, counter, (flags & pmu_start::set_init_value) != 0 ? value : self.pmu.counters[counter].value);
    });
    return start_hardware(self.pmu, port, mask & self.pmu.hardware, flags, value);
}

template <PmuPort Port>
SbiResult start_counters(VCpu& self, Port& port, CounterSet set, std::uint64_t flags, std::uint64_t value) {
    const auto& pmu = self.pmu;
    const auto chosen = set.among(pmu.count());
    // The two flags exclude each other.
    if (!chosen || (flags & ~pmu_start::all) != 0 || flags == pmu_start::all) {
        return {SbiError::invalid_param};
    }
    const bool from_snapshot = (flags & pmu_start::init_snapshot) != 0;
    if (from_snapshot && !pmu.snapshot) {
        return {SbiError::no_shmem};
    }
    const auto stopped = *chosen & ~pmu.started;
    if ((stopped & ~pmu.configured) != 0) {
        return {SbiError::invalid_param};
    }
    const auto error = from_snapshot ? start_from_snapshot(self, port, stopped, set.base)
                                     : start_with(self, port, stopped, flags, value);
    if (error != SbiError::success) {
        return {error};
    }
    return {stopped == *chosen ? SbiError::success : SbiError::already_started};
}

/// Writes values and the overflow bitmap of the counters in `mask` to the snapshot memory; the values of others stay.
/// Without Sscofpmf the bitmap is zero.
template <PmuPort Port>
void take_snapshot(VCpu& self, Port& port, std::uint64_t mask, std::uint64_t base) {
    const auto& pmu = self.pmu;
    const auto memory = port.guest_memory(*pmu.snapshot, snapshot_size);
    const auto overflown = pmu.overflows ? port.overflown_counters() : 0;
    std::uint64_t bitmap = 0;
    for_each_counter(mask, [&](unsigned counter) {
        auto value = pmu.counters[counter].value;
        if (pmu.is_hardware(counter)) {
            const auto number = *counter_number(counter_info::csr(pmu.counters[counter].info));
            value = port.read_counter(number).value_or(0);
            bitmap |= (overflown >> number & 1) << (counter - base);
        }
        store(memory, snapshot_place(counter, base), value);
    });
    store(memory, 0, bitmap);
}

/// Stops counters. Resetting a counter also clears its overflow, so the snapshot is taken between stop and reset.
template <PmuPort Port>
SbiResult stop_counters(VCpu& self, Port& port, CounterSet set, std::uint64_t flags) {
    auto& pmu = self.pmu;
    const auto chosen = set.among(pmu.count());
    if (!chosen || (flags & ~pmu_stop::all) != 0) {
        return {SbiError::invalid_param};
    }
    if ((flags & pmu_stop::take_snapshot) != 0 && !pmu.snapshot) {
        return {SbiError::no_shmem};
    }
    const auto running = *chosen & pmu.started;
    if (const auto hardware = running & pmu.hardware) {
        port.stop_counters({0, hardware}, 0);
    }
    for_each_counter(running & ~pmu.hardware, [&](unsigned counter) { stop_own(self, counter); });
    if ((flags & pmu_stop::take_snapshot) != 0) {
        take_snapshot(self, port, *chosen, set.base);
    }
    if ((flags & pmu_stop::reset) != 0) {
        if (const auto hardware = *chosen & (pmu.configured | running) & pmu.hardware) {
            port.stop_counters({0, hardware}, pmu_stop::reset);
        }
        pmu.configured &= ~*chosen;
    }
    pmu.started &= ~running;
    pmu.free_running &= ~running;
    return {running == *chosen ? SbiError::success : SbiError::already_stopped};
}

inline SbiResult read_own_counter(const VCpu& self, std::uint64_t counter) {
    if (counter >= self.pmu.count() || self.pmu.is_hardware(static_cast<unsigned>(counter))) {
        return {SbiError::invalid_param};
    }
    return {SbiError::success, own_value(self, static_cast<unsigned>(counter))};
}

inline SbiResult set_snapshot(VCpu& self, std::uint64_t low, std::uint64_t high, std::uint64_t flags) {
    constexpr auto none = ~std::uint64_t{0};
    if (flags == 0 && low == none && high == none) {
        self.pmu.snapshot.reset();
        return {};
    }
    if (flags != 0 || !is_aligned(low, snapshot_size)) {
        return {SbiError::invalid_param};
    }
    const auto memory = high == 0 ? find(self.guest, Gpa{low}, snapshot_size, Rights::rw) : std::nullopt;
    if (!memory) {
        return {SbiError::invalid_address};
    }
    self.pmu.snapshot = memory;
    return {};
}

template <PmuPort Port>
SbiResult sbi_pmu(VCpu& self, Port& port, const SbiCall& call) {
    switch (static_cast<PmuFunction>(call.function)) {
        case PmuFunction::num_counters:
            return {SbiError::success, self.pmu.count()};
        case PmuFunction::counter_get_info:
            return get_counter_info(self.pmu, call.a0);
        case PmuFunction::counter_config_matching:
            self.has_settings.store(1, std::memory_order_seq_cst);
            return configure_counter(self, port, {call.a0, call.a1}, call.a2, {call.a3, call.a4});
        case PmuFunction::counter_start:
            self.has_settings.store(1, std::memory_order_seq_cst);
            return start_counters(self, port, {call.a0, call.a1}, call.a2, call.a3);
        case PmuFunction::counter_stop:
            self.has_settings.store(1, std::memory_order_seq_cst);
            return stop_counters(self, port, {call.a0, call.a1}, call.a2);
        case PmuFunction::counter_fw_read:
            return read_own_counter(self, call.a0);
        case PmuFunction::counter_fw_read_hi: {
            const auto read = read_own_counter(self, call.a0);  // an RV64 guest has no use for the upper half
            return {read.error};
        }
        case PmuFunction::snapshot_set_shmem:
            self.has_settings.store(1, std::memory_order_seq_cst);
            return set_snapshot(self, call.a0, call.a1, call.a2);
        case PmuFunction::event_get_info:
            return event_info(self, port, call.a0, call.a1, call.a2, call.a3);
    }
    return {SbiError::not_supported};
}

template <PmuPort Port>
inline constexpr auto pmu_row = sbi_row<Port>(SbiExtension::pmu, Exit::sbi_pmu, sbi_pmu<Port>);

}  // namespace mullion
