// SPDX-License-Identifier: Apache-2.0
#include "run/device_port.hpp"

#include "core/tables.hpp"
#include "run/alarm.hpp"

namespace mullion::run {

const Hart& DevicePort::hart_of(std::uint32_t guest_hart) const {
    return description.board.harts[guest_.harts[guest_hart]];
}

void DevicePort::send(std::uint32_t hart, Message message) {
    arch::irq::send(hart_of(hart), message);
}

/// Has the calling hart wait for the deadline. Others that touched the device before wait, too, and find nothing due.
void DevicePort::set_deadline(std::uint64_t time) {
    set_alarm(Alarm::life, time);
}

}  // namespace mullion::run
