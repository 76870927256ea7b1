// SPDX-License-Identifier: Apache-2.0
#include "run/vm.hpp"

#include "arch/timer/timer.hpp"
#include "core/tables.hpp"

namespace mullion::run {

void bind_hart(std::uint64_t index) {
    auto& context = arch::this_hart();
    context.vcpu = vcpu_of(index);
    context.time_calls = &context.vcpu->exits[static_cast<std::size_t>(Exit::sbi_time)];
    context.guest_timer = context.own_timer = context.armed_timer = arch::timer::never;
    context.vm = &vms[static_cast<std::size_t>(&context.vcpu->guest - description.guests.data())];
}

const Hart& board_hart(const VCpu& vcpu) {
    return description.board.harts[vcpu.guest.harts[vcpu.index]];
}

}  // namespace mullion::run
