// SPDX-License-Identifier: Apache-2.0
// Changes the hart states of the SBI's Hart State Management extension. The transitions, and who may make them:
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
// (p) is "preparing", a bit beside the state that guests do not see: the claimer is still writing the entry, and the
// hart, which may look at any time, must not read it yet.
//
// The transitions from a state have one owner, except those from STOPPED, where a compare-and-exchange chooses one of
// several candidates. The remaining races, and how they end:
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

#include "core/sbi_numbers.hpp"
#include "vm/vcpu.hpp"

namespace mullion::hsm {

inline constexpr std::uint32_t preparing = 0x100;

/// Returns what sbi_hart_get_status answers; the hart may have left the state by then. seq_cst: one side of the races
/// above.
inline HsmState state_of(const VCpu& vcpu) {
    return static_cast<HsmState>(vcpu.state.load(std::memory_order_seq_cst) & ~preparing);
}

/// Returns whether all of a guest's harts are STOPPED.
inline bool all_stopped(std::span<const VCpu> harts) {
    return std::ranges::all_of(harts, [](const VCpu& vcpu) { return state_of(vcpu) == HsmState::stopped; });
}

/// Returns whether an interrupt that is sent now reaches the guest. Relaxed: a hart that stops or starts meanwhile may
/// get it or not.
inline bool takes_interrupts(const VCpu& vcpu) {
    const auto state = static_cast<HsmState>(vcpu.state.load(std::memory_order_relaxed) & ~preparing);
    return state != HsmState::stopped && state != HsmState::stop_pending;
}

/// Makes one transition. Requires: the caller owns it, and the hart is in `from`; returns false if it is not.
inline bool advance(VCpu& vcpu, HsmState from, HsmState to) {
    auto expected = static_cast<std::uint32_t>(from);
    return vcpu.state.compare_exchange_strong(expected, static_cast<std::uint32_t>(to), std::memory_order_seq_cst);
}

/// Claims the start of a STOPPED hart, and returns the state that it found: with `stopped` the caller owns the start.
inline HsmState claim_start(VCpu& target) {
    auto found = static_cast<std::uint32_t>(HsmState::stopped);
    const auto claimed = static_cast<std::uint32_t>(HsmState::start_pending) | preparing;
    target.state.compare_exchange_strong(found, claimed, std::memory_order_seq_cst);
    return static_cast<HsmState>(found & ~preparing);
}

/// Ends what claim_start began: the hart may start at `entry`. Release: pairs with the acquire of take_start, which
/// then reads the entry.
inline void publish_start(VCpu& target, HartEntry entry) {
    *target.entry = entry;
    target.state.store(static_cast<std::uint32_t>(HsmState::start_pending), std::memory_order_release);
}

/// Makes the hart STOPPED again. Requires: the caller has claimed its start and not published it; or is the hart
/// itself, and no sibling runs that could claim it.
inline void abandon_start(VCpu& target) {
    target.state.store(static_cast<std::uint32_t>(HsmState::stopped), std::memory_order_release);
}

/// Returns whether the hart must not start (the two races above). Requires: the caller has claimed its start.
inline bool must_abandon_start(const VCpu& target) {
    return target.stop_ordered.load(std::memory_order_seq_cst) != 0 ||
           target.siblings.front().starts_forbidden.load(std::memory_order_seq_cst) != 0;
}

/// Takes a published start: makes the hart STARTED and returns where it begins; nothing if nobody has started it.
/// Requires: the caller is the hart, in the park loop.
inline std::optional<HartEntry> take_start(VCpu& self) {
    if (!advance(self, HsmState::start_pending, HsmState::started)) {
        return std::nullopt;
    }
    return *self.entry;
}

/// Stops the calling hart if it is STARTED, and calls `quiet()` before, which clears what the hart left behind. Once it
/// is STOPPED a sibling may start it, and messages are for its next start.
inline void stop(VCpu& self, auto quiet) {
    if (advance(self, HsmState::started, HsmState::stop_pending)) {
        quiet();
        advance(self, HsmState::stop_pending, HsmState::stopped);
    }
}

/// Returns whether all other harts of the guest are STOPPED; if so, none can start before allow_starts. Requires: the
/// caller is STARTED. A counter: two harts may ask at once, and one giving up must not cancel the other.
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
