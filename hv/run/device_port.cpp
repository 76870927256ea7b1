// SPDX-License-Identifier: Apache-2.0
#include "run/device_port.hpp"

#include "arch/irq/imsic.hpp"
#include "core/imsic_layout.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"

namespace mullion::run {

const Hart& DevicePort::hart_of(std::uint32_t guest_hart) const {
    return description.board.harts[guest_.harts[guest_hart]];
}

void DevicePort::send_msi(std::uint32_t hart, std::uint32_t identity) {
    arch::irq::imsic::send(description.board.imsic, hart_of(hart), guest_file, identity);
}

void DevicePort::physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity) {
    arch::irq::domain::set_target(source, hart_of(hart), guest_file, identity);
}

void DevicePort::send(std::uint32_t hart, Message message) {
    arch::irq::send(hart_of(hart), message);
}

/// The hart that touches a device waits for its deadline: of several, the last one has the right time.
void DevicePort::set_deadline(std::uint64_t time) {
    set_alarm(Alarm::life, time);
}

}  // namespace mullion::run
