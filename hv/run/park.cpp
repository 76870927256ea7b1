// SPDX-License-Identifier: Apache-2.0
#include "run/park.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/sbi_port.hpp"
#include "run/start.hpp"
#include "run/vm.hpp"
#include "vm/sbi/hsm.hpp"

namespace mullion::run {
namespace {

[[noreturn]] void enter(const HartEntry& entry) {
    auto& self = this_vcpu();
    arch::guest_hart::reset(physical(self));
    arch::fence_i();
    arch::guest_hart::start(entry.address.value, self.index, entry.opaque);
}

[[noreturn]] void park_loop() {
    auto& self = this_vcpu();
    auto& vm = this_vm();
    arch::guest_hart::quiesce();
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

void wait_for_guest_interrupt() {
    while (!arch::guest_hart::interrupt_pending()) {
        arch::wait_for_interrupt();
        if (take_interrupts()) {
            // The caller looks at the requests itself; orders and typed bytes are for a hart that runs its guest.
            call_attention(this_vcpu());
            return;
        }
    }
}

}  // namespace mullion::run
