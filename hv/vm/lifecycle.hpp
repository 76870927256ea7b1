// SPDX-License-Identifier: Apache-2.0
// A guest's harts together: how all of them come to a stop, and how the first one starts. First start and restart are
// the same function; a restart is `stop_siblings`, fresh memory, `start_guest`, and then the park loop.
#pragma once

#include <span>

#include "core/sbi.hpp"
#include "vm/hsm.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// On a hart of the guest, running or parked: brings every hart to STOPPED, the caller's state too, and none can start
/// until start_guest. True on the one hart that may go on to end the guest; if several call it at once the first wins,
/// and the others park (and do not return on target). The winner serves no requests before it parks: the order to stop
/// is for it too.
template <SbiPort Port>
bool stop_siblings(VCpu& self, Port& port) {
    if (self.siblings.front().stop_ordered.exchange(1) != 0) {  // the election
        while (!obey_stop(self)) {
            port.relax();
        }
        port.park();
        return false;
    }
    for (auto& target : self.siblings) {
        target.stop_ordered.store(1);  // before its state: vm/hsm.hpp, start against the guest's end
        if (&target != &self && hsm::state_of(target) != HsmState::stopped) {
            port.kick(target);
        }
    }
    for (auto& target : self.siblings) {
        while (&target != &self && hsm::state_of(target) != HsmState::stopped) {
            port.relax();
        }
    }
    // Last: nobody is left who could be in the middle of starting this hart.
    hsm::stop(self);
    hsm::abandon_start(self);
    return true;
}

/// The guest's hart 0 at the guest's entry, a1 = its tree. All harts are STOPPED, and the guest's memory is in place.
/// The caller may be that hart itself, if it parks next.
template <SbiPort Port>
void start_guest(std::span<VCpu> harts, Port& port) {
    for (auto& vcpu : harts) {
        vcpu.stop_ordered.store(0);
    }
    auto& first = harts.front();
    first.starts_forbidden.store(0);  // of a hart that was suspended when the guest ended
    hsm::claim_start(first);
    hsm::publish_start(first, {first.guest.entry, first.guest.tree.value});
    port.start(first);
}

}  // namespace mullion
