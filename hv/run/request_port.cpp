// SPDX-License-Identifier: Apache-2.0
#include "run/request_port.hpp"

#include "arch/guest_hart.hpp"
#include "run/alarm.hpp"

namespace mullion::run {

void quiet() {
    auto& self = this_vcpu();
    if (software_events != nullptr) {
        software_events->reset(self);
    }
    set_guest_timer(Alarms::never);
    arch::guest_hart::quiesce(board_hart(self));
}

}  // namespace mullion::run
