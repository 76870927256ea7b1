// SPDX-License-Identifier: Apache-2.0
#include "run/device_port.hpp"

#include "arch/pci/configuration.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/linked_services.hpp"

namespace mullion::run {

const Hart& DevicePort::hart_of(std::uint32_t guest_hart) const {
    return description.board.harts[guest_.harts[guest_hart]];
}

void DevicePort::send(std::uint32_t hart, Message message) {
    arch::irq::send(hart_of(hart), message);
}

// Only guests with PCI functions have what calls these.

std::uint32_t DevicePort::load_pci(std::uint8_t function, std::uint32_t offset) const {
    return arch::load_pci(function, offset);
}

void DevicePort::store_pci(std::uint8_t function, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    arch::store_pci(function, offset, bytes, value);
}

bool DevicePort::may_do_dma(std::uint8_t function) const {
    return pci_functions->may_do_dma(function);
}

std::uint64_t DevicePort::watch_due() const {
    return pci_functions->watch_due(guest_);
}

void DevicePort::watch() {
    pci_functions->watch();
}

/// Has the calling hart wait for the deadline. Others that touched the device before wait, too, and find nothing due.
void DevicePort::set_deadline(std::uint64_t time) {
    set_alarm(Alarm::life, time);
}

}  // namespace mullion::run
