// SPDX-License-Identifier: Apache-2.0
#include "run/alarm.hpp"

#include "arch/csr.hpp"
#include "arch/timer.hpp"
#include "run/console.hpp"
#include "run/life.hpp"
#include "run/vm.hpp"

namespace mullion::run {

void set_alarm(Alarm alarm, std::uint64_t time) {
    auto* self = arch::this_hart().vcpu;
    if (self == nullptr) {
        return;
    }
    const auto before = self->alarms.next();
    const auto next = self->alarms.set(alarm, time);
    if (next != before) {  // the firmware's timer is a costly one
        arch::timer::set(next);
    }
}

void set_guest_timer(std::uint64_t time) {
    arch::clear_bits<arch::Csr::hvip>(csr::interrupt::vst);
    set_alarm(Alarm::guest, time);
}

void take_alarms() {
    auto& alarms = this_vcpu().alarms;
    const auto now = arch::now();
    const bool console = alarms.take(Alarm::console, now);
    const bool life = alarms.take(Alarm::life, now);
    const bool stop = alarms.take(Alarm::stop, now);
    const bool guest = alarms.take(Alarm::guest, now);
    arch::timer::set(alarms.next());  // before the work, which may set them anew
    if (guest) {
        arch::set_bits<arch::Csr::hvip>(csr::interrupt::vst);
    }
    if (console) {
        console::service();
    }
    if (life) {
        look_at_the_time(this_vm());
    }
    if (stop) {
        go_on_asking(this_vm());
    }
}

}  // namespace mullion::run
