// SPDX-License-Identifier: Apache-2.0
// A guest's harts together: how all of them come to a stop, and how the first one starts. First start and restart are
// the same function; a restart is `stop_siblings`, fresh memory, `start_guest`, and then the park loop.
#pragma once

#include <optional>
#include <span>

#include "core/sbi_numbers.hpp"
#include "core/wait.hpp"
#include "vm/hart_states.hpp"
#include "vm/life/states.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Claims the end of the guest for the calling STARTED hart: returns the state that the life was in. Nothing: another
/// hart ends the guest, the caller is STOPPED and parks. Tries on while others have claimed it, as one that finds
/// nothing to do gives the state back.
template <RequestPort Port>
std::optional<LifeState> claim_end(VCpu& self, Life& life, Port& port) {
    std::optional<LifeState> from;
    await_hart<Wait::end>(
        [&] {
            from = life.claim_end();
            return from || obey_stop(self, port);
        },
        [&port] { port.relax(); });
    return from;
}

/// Brings every hart of the guest to STOPPED, the calling one too; none can start until start_guest. Requires: the
/// caller has claimed the end, and serves no requests before it parks, since the order to stop is for it, too.
template <RequestPort Port>
void stop_siblings(VCpu& self, Port& port) {
    for (auto& target : self.siblings) {
        // Before its state: vm/hart_states.hpp, start against the guest's end.
        target.stop_ordered.store(1, std::memory_order_seq_cst);
        if (&target != &self && hsm::state_of(target) != HsmState::stopped) {
            port.send(target, Message::request);
        }
    }
    for (auto& target : self.siblings) {
        await_hart<Wait::stop>([&] { return &target == &self || hsm::state_of(target) == HsmState::stopped; },
                               [&port] { port.relax(); });
    }
    // Last: nobody is left who could be in the middle of starting this hart.
    hsm::stop(self, [&port] { port.quiet(); });
    hsm::abandon_start(self);
}

/// Starts the guest's hart 0 at the guest's entry, with its tree in a1. Requires: all harts are STOPPED, and the
/// guest's memory is in place; if the caller is that hart, it parks next. `ready` gives the guest's life away (it
/// runs). It is called when hart 0 is no longer STOPPED, or somebody would take the guest for one whose harts have all
/// stopped, and before the hart may enter.
template <StartPort Port, class Ready>
void start_guest(std::span<VCpu> harts, Port& port, Ready ready) {
    for (auto& vcpu : harts) {
        vcpu.stop_ordered.store(0, std::memory_order_seq_cst);
    }
    auto& first = harts.front();
    if (const auto* events = port.events()) {
        events->reset_guest(first);
    }
    first.starts_forbidden.store(0, std::memory_order_seq_cst);  // of a hart that was suspended when the guest ended
    hsm::claim_start(first);
    ready();
    hsm::publish_start(first, {first.guest.entry, first.guest.tree.value});
    port.send(first, Message::attention);  // bytes may have been typed for it
}

}  // namespace mullion
