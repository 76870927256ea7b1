// SPDX-License-Identifier: Apache-2.0
#include "run/alarm.hpp"

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/hart.hpp"
#include "arch/timer.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {
namespace {

std::uint64_t earliest(const arch::HartContext& context) {
    return std::min(context.own_timer, context.guest_timer);
}

/// The firmware's timer is a costly one: it is asked only if the time changes. So does trap.S.
void arm(const arch::HartContext& context) {
    if (earliest(context) != context.armed_timer) {
        arch::timer::set(earliest(context));
    }
}

}  // namespace

void set_alarm(Alarm alarm, std::uint64_t time) {
    auto& context = arch::this_hart();
    if (context.vcpu != nullptr) {
        context.own_timer = context.vcpu->alarms.set(alarm, time);
        arm(context);
    }
}

void hasten_alarm(Alarm alarm, std::uint64_t time) {
    const auto& context = arch::this_hart();
    if (context.vcpu != nullptr && time < context.vcpu->alarms.at(alarm)) {
        set_alarm(alarm, time);
    }
}

void set_guest_timer(std::uint64_t time) {
    auto& context = arch::this_hart();
    arch::clear_bits<arch::Csr::hvip>(csr::interrupt::vst);
    context.guest_timer = time;
    arm(context);
}

DueAlarms take_alarms() {
    auto& context = arch::this_hart();
    const auto now = arch::now();
    if (context.guest_timer <= now) {
        context.guest_timer = Alarms::never;
        arch::set_bits<arch::Csr::hvip>(csr::interrupt::vst);
    }
    DueAlarms due;
    if (context.own_timer <= now) {
        due = context.vcpu->alarms.take(now);
        context.own_timer = context.vcpu->alarms.next();
    }
    arch::timer::set(earliest(context));
    return due;
}

}  // namespace mullion::run
