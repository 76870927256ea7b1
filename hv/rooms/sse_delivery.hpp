// SPDX-License-Identifier: Apache-2.0
// Decides which software event interrupts which hart, and enters and leaves handlers. Requires, throughout: the guest's
// lock of events is held.
#pragma once

#include <array>
#include <cstdint>

#include "core/atomic.hpp"
#include "core/sbi_numbers.hpp"
#include "core/wait.hpp"
#include "rooms/sse_port.hpp"
#include "vm/hart_states.hpp"
#include "vm/software_events.hpp"
#include "vm/sse_events.hpp"
#include "vm/vcpu.hpp"

namespace mullion::sse {

/// Holds the guest's lock of events, for at most some hundred instructions with interrupts off.
template <SsePort Port>
class Guard {
 public:
    Guard(VCpu& self, Port& port) : lock_(self.siblings.front().sse.lock) {
        await_hart<Wait::events>([this] { return lock_.exchange(1, std::memory_order_acquire) == 0; },
                                 [&port] { port.relax(); });
    }
    ~Guard() { lock_.store(0, std::memory_order_release); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

 private:
    Atomic<std::uint32_t>& lock_;
};

/// Returns whether `a` has the higher priority: the lower value, or for equal values the lower id (chapter, "Software
/// Event Priority").
constexpr bool precedes(const SseEvent& a, const SseEvent& b) {
    return a.priority != b.priority ? a.priority < b.priority : a.id < b.id;
}

inline SseEvent& global_of(VCpu& self) {
    return self.siblings.front().sse.global;
}

/// Returns the events that may interrupt the hart: its own, and the guest's global one.
inline std::array<SseEvent*, 3> events_for(VCpu& self) {
    return {&self.sse.overflow, &self.sse.local, &global_of(self)};
}

inline bool is_ready(const VCpu& vcpu) {
    return !vcpu.sse.masked && hsm::takes_interrupts(vcpu);
}

inline bool waits(const SseEvent& event) {
    return event.pending && event.state == SseState::enabled;
}

inline bool runs_on(const VCpu& vcpu, const SseEvent& event) {
    return event.state == SseState::running && event.hart == vcpu.index;
}

/// Returns the hart to run a global event: the preferred one if it is ready, else the first ready one, else null.
inline VCpu* target_of(VCpu& self, const SseEvent& event) {
    auto& preferred = self.siblings[event.preferred_hart];
    if (is_ready(preferred)) {
        return &preferred;
    }
    for (auto& vcpu : self.siblings) {
        if (is_ready(vcpu)) {
            return &vcpu;
        }
    }
    return nullptr;
}

/// Returns the event of highest priority that runs on the hart, null if none does.
inline SseEvent* running_on(VCpu& self) {
    SseEvent* first = nullptr;
    for (auto* const event : events_for(self)) {
        if (runs_on(self, *event) && (first == nullptr || precedes(*event, *first))) {
            first = event;
        }
    }
    return first;
}

/// Returns the event that may interrupt the hart now, null if none may.
inline SseEvent* next_for(VCpu& self) {
    if (self.sse.masked) {
        return nullptr;
    }
    SseEvent* best = nullptr;
    for (auto* const event : events_for(self)) {
        const bool for_this_hart = waits(*event) && (!is_global(*event) || target_of(self, *event) == &self);
        if (for_this_hart && (best == nullptr || precedes(*event, *best))) {
            best = event;
        }
    }
    const auto* running = running_on(self);
    return best != nullptr && (running == nullptr || precedes(*best, *running)) ? best : nullptr;
}

/// Makes the calling hart return to the handler of a pending event, if one may interrupt it. Calls another hart if the
/// global event waits for that. Requires: the caller is about to return to its guest.
template <SsePort Port>
void deliver(VCpu& self, Port& port) {
    if (auto* const event = next_for(self)) {
        event->pending = false;
        event->state = SseState::running;
        event->hart = self.index;
        event->interrupted = port.enter_event(event->entry_pc, self.index, event->entry_arg);
    }
    const auto& global = global_of(self);
    if (auto* const target = waits(global) ? target_of(self, global) : nullptr; target != nullptr && target != &self) {
        port.send(*target, Message::request);
    }
}

/// Delivers pending events on a hart that was called for attention. Requires: its events are unmasked, and it is about
/// to return to its guest.
template <SsePort Port>
void attend(VCpu& self, Port& port) {
    const Guard guard(self, port);
    deliver(self, port);
}

/// Completes the event of highest priority that runs on this hart, and resumes what it interrupted. Returns whether one
/// runs.
template <SsePort Port>
bool complete(VCpu& self, Port& port) {
    auto* const event = running_on(self);
    if (event == nullptr) {
        return false;
    }
    event->state = event->one_shot ? SseState::registered : SseState::enabled;
    port.leave_event(event->interrupted);
    return true;
}

/// Routes counter overflows to their event while that is enabled, otherwise as interrupts to the guest.
template <SsePort Port>
void route_overflow(VCpu& self, Port& port) {
    const bool wanted = is_enabled(self.sse.overflow);
    if (wanted != self.sse.keeps_overflow) {
        self.sse.keeps_overflow = wanted;
        port.keep_overflow(wanted);
    }
}

/// Marks the overflow event pending. Requires: the caller is the hart whose counter has overflown; it calls attend()
/// before it returns to its guest.
template <SsePort Port>
void raise_overflow(VCpu& self, Port& port) {
    const Guard guard(self, port);
    self.sse.overflow.pending = true;
}

/// Injects the local software event of every hart that has it enabled and is ready, and returns how many these are. For
/// callers outside the guest, on any hart of the machine.
template <SsePort Port>
unsigned interrupt_harts(VCpu& any, Port& port) {
    const Guard guard(any, port);
    unsigned count = 0;
    for (auto& target : any.siblings) {
        if (is_enabled(target.sse.local) && is_ready(target)) {
            target.sse.local.pending = true;
            port.send(target, Message::request);
            ++count;
        }
    }
    return count;
}

/// Injects the guest's global software event. Returns false if it is not enabled or no hart is ready. For callers
/// outside the guest, on any hart of the machine.
template <SsePort Port>
bool interrupt_guest(VCpu& any, Port& port) {
    const Guard guard(any, port);
    auto& global = global_of(any);
    auto* const target = is_enabled(global) ? target_of(any, global) : nullptr;
    if (target == nullptr) {
        return false;
    }
    global.pending = true;
    port.send(*target, Message::request);
    return true;
}

inline void reset_own_events(VCpu& vcpu) {
    vcpu.sse.masked = true;
    vcpu.sse.overflow = SseEvents{}.overflow;
    vcpu.sse.local = SseEvents{}.local;
}

/// Resets the events of a hart that stops: masks them, ends a global event that it ran, and gives one that was to
/// interrupt it to another hart.
template <SsePort Port>
void reset(VCpu& self, Port& port) {
    const Guard guard(self, port);
    reset_own_events(self);
    route_overflow(self, port);
    if (auto& global = global_of(self); runs_on(self, global)) {
        global.state = global.one_shot ? SseState::registered : SseState::enabled;
    }
    deliver(self, port);
}

/// Clears what was injected since the hart stopped. Requires: the caller has claimed its start and not published it.
template <SsePort Port>
void begin(VCpu& target, Port& port) {
    const Guard guard(target, port);
    target.sse.overflow.pending = false;
    target.sse.local.pending = false;
}

/// Resets all events of a guest that starts. Requires: none of its harts runs.
template <SsePort Port>
void reset_guest(VCpu& first, Port& port) {
    const Guard guard(first, port);
    for (auto& vcpu : first.siblings) {
        reset_own_events(vcpu);
    }
    first.sse.global = SseEvents{}.global;
}

/// Implements the interface by which the rest of the hypervisor uses events.
template <SsePort Port>
class Events final : public SoftwareEvents {
 public:
    constexpr explicit Events(Port& port) : port_(port) {}

    void attend(VCpu& self) const override { sse::attend(self, port_); }
    void begin(VCpu& target) const override { sse::begin(target, port_); }
    void reset(VCpu& self) const override { sse::reset(self, port_); }
    void reset_guest(VCpu& first) const override { sse::reset_guest(first, port_); }
    void raise_overflow(VCpu& self) const override { sse::raise_overflow(self, port_); }
    bool interrupt_guest(VCpu& any) const override { return sse::interrupt_guest(any, port_); }
    unsigned interrupt_harts(VCpu& any) const override { return sse::interrupt_harts(any, port_); }

 private:
    Port& port_;
};

}  // namespace mullion::sse
