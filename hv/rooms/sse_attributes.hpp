// SPDX-License-Identifier: Apache-2.0
// Reads and writes the attributes of a software event (SBI SSE, table "SSE Event Attributes").
#pragma once

#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "vm/sse_events.hpp"
#include "vm/vcpu.hpp"

namespace mullion::sse {

enum class Attribute : std::uint32_t {
    status,
    priority,
    config,
    preferred_hart,
    entry_pc,
    entry_arg,
    interrupted_sepc,
    interrupted_flags,
    interrupted_a6,
    interrupted_a7,
};
inline constexpr std::uint64_t attribute_count = 10;

inline std::uint64_t read(const VCpu& self, const SseEvent& event, Attribute attribute) {
    constexpr std::uint64_t injectable = 1 << 3;
    switch (attribute) {
        case Attribute::status:
            return static_cast<std::uint64_t>(event.state) | (event.pending ? 1 << 2 : 0) | injectable;
        case Attribute::priority:
            return event.priority;
        case Attribute::config:
            return event.one_shot;
        case Attribute::preferred_hart:
            return is_global(event) ? event.preferred_hart : self.index;
        case Attribute::entry_pc:
            return event.entry_pc;
        case Attribute::entry_arg:
            return event.entry_arg;
        case Attribute::interrupted_sepc:
            return event.interrupted.sepc;
        case Attribute::interrupted_flags:
            return event.interrupted.flags;
        case Attribute::interrupted_a6:
            return event.interrupted.a6;
        case Attribute::interrupted_a7:
            return event.interrupted.a7;
    }
    return 0;
}

/// Returns whether a value may be written, or the error: checks first that the attribute is writable, then the event's
/// state, then the value. What a global event interrupted may be written only by the hart that runs it.
inline SbiError check(const VCpu& self, const SseEvent& event, Attribute attribute, std::uint64_t value) {
    const auto verdict = [](bool state, bool valid) {
        return !state ? SbiError::invalid_state : !valid ? SbiError::invalid_param : SbiError::success;
    };
    const bool idle = event.state == SseState::unused || event.state == SseState::registered;
    const bool running_here = event.state == SseState::running && event.hart == self.index;
    switch (attribute) {
        case Attribute::status:
        case Attribute::entry_pc:
        case Attribute::entry_arg:
            return SbiError::denied;
        case Attribute::priority:
            return verdict(idle, value >> 32 == 0);
        case Attribute::config:
            return verdict(idle, value <= 1);
        case Attribute::preferred_hart:
            return is_global(event) ? verdict(idle, value < self.siblings.size()) : SbiError::denied;
        case Attribute::interrupted_flags:
            return verdict(running_here, (value & ~sse_flag::known) == 0);
        case Attribute::interrupted_sepc:
        case Attribute::interrupted_a6:
        case Attribute::interrupted_a7:
            return verdict(running_here, true);
    }
    return SbiError::bad_range;
}

/// Writes an attribute. Requires: check() succeeded.
inline void write(SseEvent& event, Attribute attribute, std::uint64_t value) {
    switch (attribute) {
        case Attribute::priority:
            event.priority = static_cast<std::uint32_t>(value);
            return;
        case Attribute::config:
            event.one_shot = value != 0;
            return;
        case Attribute::preferred_hart:
            event.preferred_hart = static_cast<std::uint32_t>(value);
            return;
        case Attribute::interrupted_sepc:
            event.interrupted.sepc = value;
            return;
        case Attribute::interrupted_flags:
            event.interrupted.flags = value;
            return;
        case Attribute::interrupted_a6:
            event.interrupted.a6 = value;
            return;
        case Attribute::interrupted_a7:
            event.interrupted.a7 = value;
            return;
        case Attribute::status:
        case Attribute::entry_pc:
        case Attribute::entry_arg:
            return;
    }
}

}  // namespace mullion::sse
