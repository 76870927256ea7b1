// SPDX-License-Identifier: Apache-2.0
#include "run/request_port.hpp"

#include "arch/guest_hart.hpp"
#include "arch/order.hpp"
#include "arch/timer/timer.hpp"

namespace mullion::run {

void quiet() {
    auto& self = this_vcpu();
    if (software_events != nullptr) {
        software_events->reset(self);
    }
    arch::timer::set_guest(arch::timer::never);
    arch::guest_hart::quiesce(board_hart(self));
    // Once the hart is STOPPED others reset what it used: nothing that its guest stored may arrive after that.
    arch::order::between_steps();
}

}  // namespace mullion::run
