// SPDX-License-Identifier: Apache-2.0
#include "run/vm.hpp"

#include "arch/aplic.hpp"
#include "arch/imsic.hpp"
#include "arch/messages.hpp"
#include "arch/timer.hpp"
#include "core/imsic.hpp"
#include "core/tables.hpp"

namespace mullion::run {

const Hart& DevicePort::hart_of(std::uint32_t guest_hart) const {
    return description.board.harts[guest_.harts[guest_hart]];
}

void DevicePort::send_msi(std::uint32_t hart, std::uint32_t identity) {
    arch::imsic::send_to_guest(hart_of(hart), identity);
}

void DevicePort::physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity) {
    arch::aplic::set_target(source, hart_of(hart), guest_file, identity);
}

void DevicePort::call(std::uint32_t hart) {
    arch::messages::send(hart_of(hart), Message::attention);
}

void take_place(std::uint64_t board_hart) {
    auto& context = arch::this_hart();
    context.vcpu = vcpu_of(board_hart);
    context.time_calls = &context.vcpu->exits[static_cast<std::size_t>(Exit::sbi_time)];
    context.guest_timer = context.own_timer = context.armed_timer = arch::timer::never;
    context.vm = &vms[static_cast<std::size_t>(&context.vcpu->guest - description.guests.data())];
}

const Hart& physical(const VCpu& vcpu) {
    return description.board.harts[vcpu.guest.harts[vcpu.index]];
}

void call_attention(const VCpu& vcpu) {
    arch::messages::send(physical(vcpu), Message::attention);
}

}  // namespace mullion::run
