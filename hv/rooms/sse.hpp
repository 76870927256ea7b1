// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Supervisor Software Events extension. It has three events: two that software injects, one for each
// hart and one for the guest, and one for counter overflows. The other standard events have no source here.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <span>

#include "core/address.hpp"
#include "core/sbi_numbers.hpp"
#include "rooms/sse_attributes.hpp"
#include "rooms/sse_delivery.hpp"
#include "rooms/sse_port.hpp"
#include "vm/guest_memory.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/shared_words.hpp"
#include "vm/vcpu.hpp"

namespace mullion {
namespace sse {

/// Returns the event with that id, which is 32 bits wide: not_supported for a standard one without a source here,
/// invalid_param for reserved and platform specific ones.
inline std::expected<SseEvent*, SbiError> find_event(VCpu& of, std::uint64_t event_id) {
    const auto id = static_cast<std::uint32_t>(event_id);
    if (id == sse_local_software) {
        return &of.sse.local;
    }
    if (id == sse_global_software) {
        return &global_of(of);
    }
    if (id == sse_local_overflow && of.pmu.overflows) {
        return &of.sse.overflow;
    }
    // High priority RAS, local and global; double trap; low priority RAS, local and global; overflow without Sscofpmf.
    constexpr std::array<std::uint32_t, 6> without_source{0, 0x8000, 1, 0x100000, 0x108000, sse_local_overflow};
    const bool is_standard = std::ranges::find(without_source, id) != without_source.end();
    return std::unexpected{is_standard ? SbiError::not_supported : SbiError::invalid_param};
}

/// A range of attributes, and the guest memory for their values, a doubleword each from the first attribute on.
struct AttributeRange {
    std::uint64_t base = 0;
    std::uint64_t count = 0;
    Gpa memory;
    std::uint64_t memory_high = 0;
};

inline SbiError check(const VCpu& self, const AttributeRange& range, Rights needed) {
    if (range.count == 0) {
        return SbiError::invalid_param;
    }
    if (range.base >= attribute_count || range.count > attribute_count - range.base) {
        return SbiError::bad_range;
    }
    const bool reachable = range.memory_high == 0 && is_aligned(range.memory.value, 8) &&
                           is_guest_memory(self.guest, range.memory, 8 * range.count, needed);
    return reachable ? SbiError::success : SbiError::invalid_address;
}

/// Returns the memory of value `i`; values may be in different windows. Requires: the range was checked.
template <SsePort Port>
std::span<std::uint8_t> value_at(const VCpu& self, Port& port, const AttributeRange& range, std::uint64_t i,
                                 Rights needed) {
    const auto at = find(self.guest, range.memory + 8 * i, 8, needed);
    return port.guest_memory(*at, 8);
}

template <SsePort Port>
SbiError read_attributes(const VCpu& self, Port& port, const SseEvent& event, const AttributeRange& range) {
    if (const auto error = check(self, range, Rights::rw); error != SbiError::success) {
        return error;
    }
    for (std::uint64_t i = 0; i < range.count; ++i) {
        store(value_at(self, port, range, i, Rights::rw), 0, read(self, event, static_cast<Attribute>(range.base + i)));
    }
    return SbiError::success;
}

/// Writes attributes, or none: returns the first error. Each value is read only once, as other harts may change it.
template <SsePort Port>
SbiError write_attributes(const VCpu& self, Port& port, SseEvent& event, const AttributeRange& range) {
    if (const auto error = check(self, range, Rights::r); error != SbiError::success) {
        return error;
    }
    std::array<std::uint64_t, attribute_count> values{};
    for (std::uint64_t i = 0; i < range.count; ++i) {
        values[i] = load<std::uint64_t>(value_at(self, port, range, i, Rights::r), 0);
        const auto error = check(self, event, static_cast<Attribute>(range.base + i), values[i]);
        if (error != SbiError::success) {
            return error;
        }
    }
    for (std::uint64_t i = 0; i < range.count; ++i) {
        write(event, static_cast<Attribute>(range.base + i), values[i]);
    }
    return SbiError::success;
}

/// Registers a handler. Its address is virtual, so only its alignment is checked.
inline SbiError register_event(SseEvent& event, std::uint64_t pc, std::uint64_t arg) {
    if (!is_aligned(pc, 2)) {
        return SbiError::invalid_param;
    }
    if (event.state != SseState::unused) {
        return SbiError::invalid_state;
    }
    event.state = SseState::registered;
    event.entry_pc = pc;
    event.entry_arg = arg;
    return SbiError::success;
}

inline SbiError change_state(SseEvent& event, SseState from, SseState to) {
    if (event.state != from) {
        return SbiError::invalid_state;
    }
    event.state = to;
    return SbiError::success;
}

template <SsePort Port>
SbiError inject(VCpu& self, Port& port, SseEvent& event, std::uint64_t hart_id) {
    if (is_global(event)) {
        event.pending = true;
        return SbiError::success;
    }
    if (hart_id >= self.siblings.size()) {
        return SbiError::invalid_param;
    }
    auto& target = self.siblings[hart_id];
    const auto its = find_event(target, event.id);
    if (!its) {
        return its.error();
    }
    (*its)->pending = true;
    if (&target != &self && waits(**its) && is_ready(target)) {
        port.send(target, Message::request);
    }
    return SbiError::success;
}

inline SbiError set_masked(VCpu& self, bool masked) {
    if (self.sse.masked == masked) {
        return masked ? SbiError::already_stopped : SbiError::already_started;
    }
    self.sse.masked = masked;
    return SbiError::success;
}

template <SsePort Port>
SbiError call_for_event(VCpu& self, Port& port, SseEvent& event, const SbiCall& call) {
    const AttributeRange range{static_cast<std::uint32_t>(call.a1), static_cast<std::uint32_t>(call.a2), Gpa{call.a3},
                               call.a4};
    switch (static_cast<SseFunction>(call.function)) {
        case SseFunction::read_attrs:
            return read_attributes(self, port, event, range);
        case SseFunction::write_attrs:
            return write_attributes(self, port, event, range);
        case SseFunction::register_event:
            return register_event(event, call.a1, call.a2);
        case SseFunction::unregister:
            return change_state(event, SseState::registered, SseState::unused);
        case SseFunction::enable:
            return change_state(event, SseState::registered, SseState::enabled);
        case SseFunction::disable:
            return change_state(event, SseState::enabled, SseState::registered);
        case SseFunction::inject:
            return inject(self, port, event, call.a1);
        default:
            return SbiError::not_supported;
    }
}

/// Answers a call. sbi_sse_complete restores only a6 and a7 of the interrupted state, besides pc and flags; the handler
/// itself restores a0 and a1.
template <SsePort Port>
SbiResult call(VCpu& self, Port& port, const SbiCall& call) {
    const auto function = static_cast<SseFunction>(call.function);
    switch (function) {
        case SseFunction::complete:
            return complete(self, port) ? SbiResult{static_cast<SbiError>(call.a0), call.a1} : SbiResult{};
        case SseFunction::hart_unmask:
        case SseFunction::hart_mask:
            return {set_masked(self, function == SseFunction::hart_mask)};
        default:
            break;
    }
    if (function > SseFunction::hart_mask) {
        return {SbiError::not_supported};
    }
    const auto event = find_event(self, call.a0);
    return {event ? call_for_event(self, port, **event, call) : event.error()};
}

}  // namespace sse

/// Answers a call, then delivers a pending event; its handler interrupts the instruction after the ECALL.
template <SsePort Port>
SbiResult sbi_sse(VCpu& self, Port& port, const SbiCall& call) {
    const sse::Guard guard(self, port);
    const auto result = sse::call(self, port, call);
    sse::route_overflow(self, port);
    sse::deliver(self, port);
    return result;
}

template <SsePort Port>
inline constexpr auto sse_row = sbi_row<Port>(SbiExtension::sse, Exit::sbi_sse, sbi_sse<Port>);

}  // namespace mullion
