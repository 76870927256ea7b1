// SPDX-License-Identifier: Apache-2.0
#include "run/alarm.hpp"

#include "arch/csr.hpp"
#include "run/console.hpp"
#include "run/life.hpp"
#include "run/vm.hpp"

namespace mullion::run {

void set_alarm(Alarm alarm, std::uint64_t time) {
    if (auto* self = arch::this_hart().vcpu) {
        arch::write<arch::Csr::stimecmp>(self->alarms.set(alarm, time));
    }
}

void take_alarms() {
    auto& alarms = this_vcpu().alarms;
    const auto now = arch::now();
    const bool console = alarms.take(Alarm::console, now);
    const bool life = alarms.take(Alarm::life, now);
    const bool stop = alarms.take(Alarm::stop, now);
    arch::write<arch::Csr::stimecmp>(alarms.next());  // before the work, which may set them anew
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
