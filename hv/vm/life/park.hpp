// SPDX-License-Identifier: Apache-2.0
// The park loop: where a hart is while its guest does not run on it.
#pragma once

#include <optional>

#include "core/wait.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/messages.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Resets what the guest has set up on the hart by SBI calls. That may take several calls of the firmware, so it is
/// done while the hart is parked and nobody waits for it, if there is time.
template <MessagePort Port>
void reset_settings(VCpu& self, Port& port) {
    if (self.has_settings.exchange(0, std::memory_order_seq_cst) != 0) {
        port.reset_hart();
    }
}

/// Sets the alarm for the start of a guest that waits for its turn. On a parked hart.
template <AlarmPort Port>
void arm_start(const VCpu& self, const GuestLife& guest, Port& port) {
    if (guest.life.state() == LifeState::waiting && self.index == 0) {
        port.set_alarm(Alarm::life, guest.start_at.load(std::memory_order_seq_cst));
    }
}

/// Waits until somebody starts the hart, and returns where it begins.
template <MessagePort Port>
HartEntry await_start(VCpu& self, GuestLife& guest, Port& port) {
    std::optional<HartEntry> entry;
    await_interrupt<Wait::parked>(
        [&] {
            entry = look_around_parked(self, guest.life, port);
            return entry.has_value();
        },
        [&] {
            reset_settings(self, port);
            arm_start(self, guest, port);
            port.sleep_parked();
            take_stopped(self, port);
        });
    reset_settings(self, port);
    return *entry;
}

}  // namespace mullion
