// SPDX-License-Identifier: Apache-2.0
#include "run/alarm.hpp"

#include "arch/csr.hpp"
#include "arch/hart.hpp"
#include "arch/timer/timer.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {

void set_alarm(Alarm alarm, std::uint64_t time) {
    const auto& context = arch::this_hart();
    if (context.vcpu != nullptr) {
        arch::timer::set(context.vcpu->alarms.set(alarm, time));
    }
}

void hasten_alarm(Alarm alarm, std::uint64_t time) {
    const auto& context = arch::this_hart();
    if (context.vcpu != nullptr && time < context.vcpu->alarms.at(alarm)) {
        set_alarm(alarm, time);
    }
}

DueAlarms take_alarms() {
    if (!arch::timer::take()) {
        return {};
    }
    auto& alarms = arch::this_hart().vcpu->alarms;
    const auto due = alarms.take(arch::now());
    arch::timer::set(alarms.next());
    return due;
}

}  // namespace mullion::run
