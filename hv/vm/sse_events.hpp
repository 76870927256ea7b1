// SPDX-License-Identifier: Apache-2.0
// Holds the state of supervisor software events (SBI SSE). Requires: all accesses, for any hart of a guest, hold the
// guest's lock of events (rooms/sse_delivery.hpp). Calls are rare, and one lock leaves no races to think of.
#pragma once

#include <cstdint>

#include "core/atomic.hpp"
#include "core/sse_frame.hpp"

namespace mullion {

enum class SseState : std::uint8_t { unused, registered, enabled, running };

inline constexpr std::uint32_t sse_local_overflow = 0x10000;
inline constexpr std::uint32_t sse_local_software = 0xffff0000;
inline constexpr std::uint32_t sse_global_software = 0xffff8000;

struct SseEvent {
    std::uint32_t id = 0;
    SseState state = SseState::unused;
    bool pending = false;
    bool one_shot = false;
    std::uint32_t hart = 0;  ///< the hart that it runs on, valid while running
    std::uint32_t priority = 0;
    std::uint32_t preferred_hart = 0;  ///< valid for a global event
    std::uint64_t entry_pc = 0;
    std::uint64_t entry_arg = 0;
    SseFrame interrupted;
};

/// Returns event_id[15]: whether the event is global (chapter, "Software Event Identification").
constexpr bool is_global(const SseEvent& event) {
    return (event.id >> 15 & 1) != 0;
}
constexpr bool is_enabled(const SseEvent& event) {
    return event.state == SseState::enabled || event.state == SseState::running;
}

/// A hart's events. Only those of the guest's first hart use `global` and `lock`.
struct SseEvents {
    bool masked = true;           ///< written by the hart itself, or while it is stopped
    bool keeps_overflow = false;  ///< written by the hart itself; counter overflows go to the event, not to the guest
    SseEvent overflow{.id = sse_local_overflow, .interrupted = {}};  ///< unused without Sscofpmf
    SseEvent local{.id = sse_local_software, .interrupted = {}};
    SseEvent global{.id = sse_global_software, .interrupted = {}};
    Atomic<std::uint32_t> lock{0};
};

}  // namespace mullion
