// SPDX-License-Identifier: Apache-2.0
#include "run/vm.hpp"

#include "arch/aplic.hpp"
#include "arch/imsic.hpp"
#include "core/imsic.hpp"
#include "core/tables.hpp"
#include "run/console.hpp"

namespace mullion::run {

const Hart& DevicePort::hart_of(std::uint32_t guest_hart) const {
    return description.board.harts[guest_.harts[guest_hart]];
}

void DevicePort::send_msi(std::uint32_t hart, std::uint32_t identity) {
    arch::imsic::send_to_guest(hart_of(hart), identity);
}

void DevicePort::physical_source_mode(std::uint32_t source, SourceMode mode) {
    arch::aplic::set_mode(source, mode);
}

void DevicePort::physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity) {
    arch::aplic::set_target(source, hart_of(hart), guest_file, identity);
}

void DevicePort::physical_enable(std::uint32_t source, bool enabled) {
    arch::aplic::set_enabled(source, enabled);
}

void DevicePort::physical_set_pending(std::uint32_t source) {
    arch::aplic::set_pending(source);
}

void DevicePort::physical_clear_pending(std::uint32_t source) {
    arch::aplic::clear_pending(source);
}

bool DevicePort::physical_pending(std::uint32_t source) const {
    return arch::aplic::pending(source);
}

bool DevicePort::physical_input(std::uint32_t source) const {
    return arch::aplic::input(source);
}

bool DevicePort::transmit(std::uint8_t byte) {
    return console::put(index_, byte);
}

Vm& this_vm() {
    const auto& guest = this_vcpu().guest;
    return vms[static_cast<std::size_t>(&guest - description.guests.data())];
}

const Hart& physical(const VCpu& vcpu) {
    return description.board.harts[vcpu.guest.harts[vcpu.index]];
}

void call_attention(const VCpu& vcpu) {
    arch::imsic::send(physical(vcpu), arch::imsic::Identity::attention);
}

}  // namespace mullion::run
