// SPDX-License-Identifier: Apache-2.0
// Lists what the SSE extension needs of the machine besides vm/sbi/port.hpp.
#pragma once

#include <concepts>
#include <cstdint>

#include "core/sse_frame.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

/// How events interrupt the calling hart's guest.
template <class Port>
concept SsePort = SbiPort<Port> && requires(Port& port, std::uint64_t number, const SseFrame& frame) {
    /// Makes what follows the call, or the interrupt that brought the hart here, begin in VS-mode at an address with
    /// a6 (the hart id) and a7 as given ("Software Event Injection"); returns what was interrupted.
    { port.enter_event(number, number, number) } -> std::same_as<SseFrame>;
    /// Goes on where a handler wants to, with what was interrupted ("Software Event Completion").
    { port.leave_event(frame) } -> std::same_as<void>;
    /// Says whether the overflows of the hart's counters come to SoftwareEvents::raise_overflow instead of the guest.
    { port.keep_overflow(bool{}) } -> std::same_as<void>;
};

}  // namespace mullion
