// SPDX-License-Identifier: Apache-2.0
// The park loop: where a hart is while its guest does not run on it.
#pragma once

#include <optional>

#include "core/wait.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/messages.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// At the hart's stop, and once more in a new life. That may be several calls of the firmware, so the hart makes them
/// while it is parked and nobody waits for it, if there is time.
template <MessagePort Port>
void reset_settings(VCpu& self, Port& port) {
    if (self.has_settings.exchange(0, std::memory_order_seq_cst) != 0) {
        port.reset_extensions();
    }
}

/// On a parked hart: a guest that waits for its turn has an alarm for it.
template <MessagePort Port>
void arm_start(const VCpu& self, const GuestLife& guest, Port& port) {
    if (guest.life.state() == LifeState::waiting && self.index == 0) {
        port.set_alarm(Alarm::life, guest.start_at.load(std::memory_order_seq_cst));
    }
}

/// Waits until somebody starts the hart: where it begins.
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
