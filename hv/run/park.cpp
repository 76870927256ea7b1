// SPDX-License-Identifier: Apache-2.0
#include "run/park.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "run/alarm.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/sbi_port.hpp"
#include "run/start.hpp"
#include "run/vm.hpp"
#include "vm/sbi/fwft.hpp"
#include "vm/sbi/hsm.hpp"
#include "vm/sbi/pmu_hardware.hpp"
#include "vm/sbi/sse_delivery.hpp"

namespace mullion::run {
namespace {

/// At the hart's stop, and once more in a new life: the fixed counters begin again. That is several calls of the
/// firmware, so the hart makes them while it is parked and nobody waits for it, if there is time.
void reset_used_counters(VCpu& self) {
    if (self.pmu.stale.exchange(0) != 0) {
        reset_counters(self.pmu, hart_port);
    }
}

[[noreturn]] void enter(const HartEntry& entry) {
    auto& self = this_vcpu();
    reset_used_counters(self);
    arch::guest_hart::reset(physical(self));
    refresh_external(this_vm());
    if ((self.firmware_features.henvcfg & henvcfg::sse) != 0) {
        arch::guest_hart::reset_shadow_stack();
    }
    fwft::reset(self, hart_port);
    sse::begin(self, hart_port);
    arch::fence_i();
    arch::guest_hart::start(entry.address.value, self.index, entry.opaque);
}

[[noreturn]] void park_loop() {
    auto& self = this_vcpu();
    auto& vm = this_vm();
    sse::reset(self, hart_port);
    set_guest_timer(Alarms::never);
    arch::guest_hart::quiesce(physical(self));
    for (;;) {
        if (vm.life.has_order()) {
            obey_order_parked(vm);
        }
        if (const auto entry = poll_start(self, hart_port)) {
            if (vm.life.has_order()) {
                call_attention(self);  // it came while the guest was starting
            }
            enter(*entry);
        }
        reset_used_counters(self);
        arm_start(vm);
        arch::wait_for_interrupt();
        take_interrupts();
        // What was sent to a stopped hart, perhaps in an earlier life. From the claim of its start on it is for the
        // hart.
        if (hsm::state_of(self) == HsmState::stopped) {
            arch::guest_hart::drop_pending_interrupts();
        }
    }
}

}  // namespace

void park() {
    arch::restart_stack(park_loop);
}

void suspend_system() {
    auto& vm = this_vm();
    bool attended = false;
    while (!vm.life.claim(LifeState::running, LifeState::suspended)) {
        arch::pause();  // a parked hart looks whether the guest is to end, and gives the state back
    }
    while (!arch::guest_hart::interrupt_pending()) {
        arch::guest_hart::wait_for_interrupt();
        if (take_interrupts() != Asked::nothing) {
            give_attention();
            attended = true;
        }
    }
    if (attended) {
        call_attention(this_vcpu());  // software events are for a hart that runs its guest
    }
    vm.life.settle(LifeState::running);
}

void wait_for_guest_interrupt() {
    while (!arch::guest_hart::interrupt_pending()) {
        arch::guest_hart::wait_for_interrupt();
        if (take_interrupts() != Asked::nothing) {
            // The caller looks at the requests itself; orders and typed bytes are for a hart that runs its guest.
            call_attention(this_vcpu());
            return;
        }
    }
}

}  // namespace mullion::run
