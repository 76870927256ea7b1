// SPDX-License-Identifier: Apache-2.0
// A guest's harts together: how all of them come to a stop, and how the first one starts. First start and restart are
// the same function; a restart is `stop_harts`, fresh memory, `start_guest`, and then the park loop.
#pragma once

#include <span>

#include "core/sbi.hpp"
#include "vm/hsm.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// On one hart of the guest, running or parked, that has won the right to end it (vm/life.hpp): brings every hart to
/// STOPPED, the caller's state too, and none can start until start_guest. The caller goes on in the hypervisor, and
/// serves no requests before it parks: the order to stop is for it too.
template <SbiPort Port>
void stop_harts(VCpu& self, Port& port) {
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
    hsm::set_stopped(self);
}

/// The guest's hart 0 at the guest's entry, a1 = its tree. All harts are STOPPED, and the guest's memory is in place.
/// The caller may be that hart itself, if it parks next.
template <SbiPort Port>
void start_guest(std::span<VCpu> harts, Port& port) {
    for (auto& vcpu : harts) {
        vcpu.stop_ordered.store(0);
    }
    auto& first = harts.front();
    hsm::claim_start(first);
    hsm::publish_start(first, {first.guest.entry, first.guest.tree.value});
    port.start(first);
}

}  // namespace mullion
