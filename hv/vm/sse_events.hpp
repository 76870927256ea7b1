// SPDX-License-Identifier: Apache-2.0
// Supervisor software events (SBI SSE): their state. All of it, of all harts of a guest, is touched under the guest's
// lock (rooms/sse_delivery.hpp), by calls that are rare; so every question about who saw what first has one answer.
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
    std::uint32_t hart = 0;  ///< where it runs, while it does
    std::uint32_t priority = 0;
    std::uint32_t preferred_hart = 0;  ///< of a global one
    std::uint64_t entry_pc = 0;
    std::uint64_t entry_arg = 0;
    SseFrame interrupted;
};

/// event_id[15] (chapter, "Software Event Identification").
constexpr bool is_global(const SseEvent& event) {
    return (event.id >> 15 & 1) != 0;
}
constexpr bool is_enabled(const SseEvent& event) {
    return event.state == SseState::enabled || event.state == SseState::running;
}

/// Of a hart. `global` and `lock` are used of the guest's first hart alone.
struct SseEvents {
    bool masked = true;           ///< written by the hart itself, or while it is stopped
    bool keeps_overflow = false;  ///< by the hart itself: a counter's overflow is the event's and not an interrupt
    SseEvent overflow{.id = sse_local_overflow, .interrupted = {}};  ///< means something where counters overflow
    SseEvent local{.id = sse_local_software, .interrupted = {}};
    SseEvent global{.id = sse_global_software, .interrupted = {}};
    Atomic<std::uint32_t> lock{0};
};

}  // namespace mullion
