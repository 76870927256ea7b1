// SPDX-License-Identifier: Apache-2.0
#include "run/park.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "run/alarm.hpp"
#include "run/message_port.hpp"
#include "run/start.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"
#include "vm/sbi/fwft.hpp"
#include "vm/sbi/pmu_hardware.hpp"

namespace mullion::run {

constinit HartMessagePort message_port;

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
    arch::fence_i();
    arch::guest_hart::start(entry.address.value, self.index, entry.opaque);
}

[[noreturn]] void park_loop() {
    auto& vm = this_vm();
    std::optional<HartEntry> entry;
    await_interrupt<Wait::parked>(
        [&] {
            entry = look_around_parked(this_vcpu(), vm.life, message_port);
            return entry.has_value();
        },
        [&] {
            reset_used_counters(this_vcpu());
            arm_start(vm);
            arch::wait_for_interrupt();
            take_interrupts_stopped();
        });
    enter(*entry);
}

}  // namespace

void quiet() {
    auto& self = this_vcpu();
    sse::reset(self, hart_port);
    set_guest_timer(Alarms::never);
    arch::guest_hart::quiesce(physical(self));
}

void park() {
    arch::restart_stack(park_loop);
}

void take_interrupts_stopped() {
    take_stopped(this_vcpu(), message_port);
}

void suspend_system() {
    auto& life = this_vm().life;
    // A parked hart may be looking whether the guest is to end, and gives the state back.
    await_hart<Wait::suspend>([&life] { return life.claim(LifeState::running, LifeState::suspended); }, arch::pause);
    sleep_alone(this_vcpu(), life, message_port);
    life.settle(LifeState::running);
}

void wait_for_guest_interrupt() {
    sleep_suspended(this_vcpu(), message_port);
}

}  // namespace mullion::run
