// SPDX-License-Identifier: Apache-2.0
#include "run/park.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "run/alarm.hpp"
#include "run/message_port.hpp"
#include "run/rooms.hpp"
#include "run/vm.hpp"
#include "vm/life/park.hpp"
#include "vm/messages.hpp"

namespace mullion::run {

constinit HartMessagePort message_port;

namespace {

[[noreturn]] void enter(const HartEntry& entry) {
    auto& self = this_vcpu();
    arch::guest_hart::reset(board_hart(self));
    refresh_external(this_vm());
    arch::fence_i();
    arch::guest_hart::start(entry.address.value, self.index, entry.opaque);
}

[[noreturn]] void park_loop() {
    enter(await_start(this_vcpu(), this_vm(), message_port));
}

}  // namespace

void quiet() {
    auto& self = this_vcpu();
    if (software_events != nullptr) {
        software_events->reset(self);
    }
    set_guest_timer(Alarms::never);
    arch::guest_hart::quiesce(board_hart(self));
}

void park() {
    arch::restart_stack(park_loop);
}

void take_interrupts_stopped() {
    take_stopped(this_vcpu(), message_port);
}

void suspend_system() {
    suspend_guest(this_vcpu(), this_vm().life, message_port);
}

void wait_for_guest_interrupt() {
    sleep_suspended(this_vcpu(), message_port);
}

}  // namespace mullion::run
