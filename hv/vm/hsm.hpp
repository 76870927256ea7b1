// SPDX-License-Identifier: Apache-2.0
// Hart states of the SBI's Hart State Management extension, and who may change them.
//
//   from              to                who            when
//   STOPPED           START_PENDING(p)  any sibling    claim_start: one of several callers wins
//   START_PENDING(p)  START_PENDING     the claimer    publish_start: the entry is written
//   START_PENDING(p)  STOPPED           the claimer    abandon_start: the guest is ending, or asked to suspend
//   START_PENDING     STARTED           the hart       take_start, in the park loop
//   STARTED           STOP_PENDING      the hart       hart_stop, or its guest ends
//   STOP_PENDING      STOPPED           the hart       it is quiet; from here on a sibling may claim it
//   STARTED           SUSPEND_PENDING   the hart       hart_suspend
//   SUSPEND_PENDING   SUSPENDED         the hart
//   SUSPENDED         RESUME_PENDING    the hart       an interrupt or a request came
//   RESUME_PENDING    STARTED           the hart
//   START_PENDING     STOPPED           the hart       abandon_start: it ends its guest, and no sibling runs any more
//
// (p) is "preparing", a mark beside the state that the guest does not see: the claimer is still writing the entry,
// and the hart, which may look at any time, must not read it yet.
//
// Every state has one owner of the transitions that leave it; only STOPPED has many candidates, and there a
// compare-and-exchange chooses. The races that remain, and how they end:
//
//   two siblings start one hart        one claims, the other sees START_PENDING: already available
//   start against stop                 before STOPPED the starter sees STARTED or STOP_PENDING and is refused;
//                                      after it the claim holds, and the park loop finds it: no start is lost
//   start against the guest's end      the claimer looks for the order to stop after its claim, the ending hart
//                                      looks at the state after its order; seq_cst: one of them sees the other
//   fence against start or resume      the sender looks at the state after its ticket, the hart at the tickets
//                                      after STARTED; seq_cst: one of them sees the other (vm/sbi/requests.hpp)
//   start against the guest's suspend  the claimer looks for the wish to be alone after its claim, who wishes looks
//                                      at the states after its wish; seq_cst: one of them sees the other
//   fence against stop or suspend      the sender stops waiting as soon as the hart is no longer STARTED
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "core/sbi.hpp"
#include "vm/vcpu.hpp"

namespace mullion::hsm {

inline constexpr std::uint32_t preparing = 0x100;

/// What sbi_hart_get_status answers; may be old by the time it is looked at. seq_cst: half of the races above.
inline HsmState state_of(const VCpu& vcpu) {
    return static_cast<HsmState>(vcpu.state.load(std::memory_order_seq_cst) & ~preparing);
}

/// Of a guest's harts.
inline bool all_stopped(std::span<const VCpu> harts) {
    return std::ranges::all_of(harts, [](const VCpu& vcpu) { return state_of(vcpu) == HsmState::stopped; });
}

/// Whether an interrupt sent now means anything. Relaxed: who stops or starts meanwhile may go either way.
inline bool takes_interrupts(const VCpu& vcpu) {
    const auto state = static_cast<HsmState>(vcpu.state.load(std::memory_order_relaxed) & ~preparing);
    return state != HsmState::stopped && state != HsmState::stop_pending;
}

/// One step of the hart that owns the transition. False: it was not in `from`, which is a defect of the caller.
inline bool advance(VCpu& vcpu, HsmState from, HsmState to) {
    auto expected = static_cast<std::uint32_t>(from);
    return vcpu.state.compare_exchange_strong(expected, static_cast<std::uint32_t>(to), std::memory_order_seq_cst);
}

/// The state that was found. `stopped` means that the caller now owns the hart's start.
inline HsmState claim_start(VCpu& target) {
    auto found = static_cast<std::uint32_t>(HsmState::stopped);
    const auto claimed = static_cast<std::uint32_t>(HsmState::start_pending) | preparing;
    target.state.compare_exchange_strong(found, claimed, std::memory_order_seq_cst);
    return static_cast<HsmState>(found & ~preparing);
}

/// Release: pairs with the acquire of take_start, which then reads the entry.
inline void publish_start(VCpu& target, HartEntry entry) {
    *target.entry = entry;
    target.state.store(static_cast<std::uint32_t>(HsmState::start_pending), std::memory_order_release);
}

/// By the claimer, before publish_start; or on the hart itself, when no sibling runs that could have claimed it.
inline void abandon_start(VCpu& target) {
    target.state.store(static_cast<std::uint32_t>(HsmState::stopped), std::memory_order_release);
}

/// By the claimer, after its claim: whether the start must not be (the two races above).
inline bool must_abandon_start(const VCpu& target) {
    return target.stop_ordered.load(std::memory_order_seq_cst) != 0 ||
           target.siblings.front().starts_forbidden.load(std::memory_order_seq_cst) != 0;
}

/// On the hart itself, in the park loop: STARTED if somebody asked for it.
inline std::optional<HartEntry> take_start(VCpu& self) {
    if (!advance(self, HsmState::start_pending, HsmState::started)) {
        return std::nullopt;
    }
    return *self.entry;
}

/// On the hart itself, from STARTED; nothing in another state. `quiet` leaves nothing on the hart of what it did: once
/// it is STOPPED a sibling may start it, and what is sent to it then is for its next start.
inline void stop(VCpu& self, auto quiet) {
    if (advance(self, HsmState::started, HsmState::stop_pending)) {
        quiet();
        advance(self, HsmState::stop_pending, HsmState::stopped);
    }
}

/// On a STARTED hart: whether all others are STOPPED. If so, none can start before allow_starts. A number and not a
/// mark: of two harts that ask at once neither is alone, and the first that gives up must not end the other's wish.
inline bool is_alone(VCpu& self) {
    auto& wishes = self.siblings.front().starts_forbidden;
    wishes.fetch_add(1, std::memory_order_seq_cst);
    for (const auto& other : self.siblings) {
        if (&other != &self && state_of(other) != HsmState::stopped) {
            wishes.fetch_sub(1, std::memory_order_seq_cst);
            return false;
        }
    }
    return true;
}

inline void allow_starts(VCpu& self) {
    self.siblings.front().starts_forbidden.fetch_sub(1, std::memory_order_seq_cst);
}

}  // namespace mullion::hsm
