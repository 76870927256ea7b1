// SPDX-License-Identifier: Apache-2.0
// A guest's harts together: how all of them come to a stop, and how the first one starts. First start and restart are
// the same function; a restart is `stop_siblings`, fresh memory, `start_guest`, and then the park loop.
#pragma once

#include <optional>
#include <span>

#include "core/sbi.hpp"
#include "core/wait.hpp"
#include "vm/hsm.hpp"
#include "vm/life/states.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// On a STARTED hart that wants to end its guest: the state that it took over, and with it the end. Nothing: another
/// one ends the guest, the caller is STOPPED and parks. Who took over may find nothing to do and give back, so all try
/// on.
template <SbiPort Port>
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

/// On the hart of the guest, running or parked, that ends it: brings every hart to STOPPED, the caller's state too, and
/// none can start until start_guest. The caller serves no requests before it parks: the order to stop is for it too.
template <SbiPort Port>
void stop_siblings(VCpu& self, Port& port) {
    for (auto& target : self.siblings) {
        // Before its state: vm/hsm.hpp, start against the guest's end.
        target.stop_ordered.store(1, std::memory_order_seq_cst);
        if (&target != &self && hsm::state_of(target) != HsmState::stopped) {
            port.kick(target);
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

/// The guest's hart 0 at the guest's entry, a1 = its tree. All harts are STOPPED, and the guest's memory is in place.
/// The caller may be that hart itself, if it parks next. `ready` gives the guest's life away (it runs): after that hart
/// is no longer STOPPED, or somebody takes the guest for one whose harts have all stopped, and before it may enter.
template <SbiPort Port, class Ready>
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
    port.start(first);
}

}  // namespace mullion
