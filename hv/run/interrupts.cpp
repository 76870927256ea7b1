// SPDX-License-Identifier: Apache-2.0
#include "run/interrupts.hpp"

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/timer/timer.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/input.hpp"
#include "run/linked_services.hpp"
#include "run/orders.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"

namespace mullion::run {
namespace {

void act_on(DueAlarms due) {
    if (due.has(Alarm::console)) {
        console::service(this_vm());
    }
    if (due.has(Alarm::lines)) {
        console::service();
    }
    if (due.has(Alarm::input)) {
        input::read();
    }
    order_what_is_due(due);
}

}  // namespace

void enable_interrupts() {
    arch::irq::initialise_hart(board_hart(this_vcpu()));
    arch::timer::initialise();
}

void take_timer() {
    if (const auto due = take_alarms(); due != DueAlarms{}) {
        act_on(due);
    }
}

bool take_overflow() {
    if (this_vcpu().sse.keeps_overflow) {
        arch::guest_hart::clear_overflow();
        software_events->raise_overflow(this_vcpu());
        return true;
    }
    if ((arch::read<arch::Csr::hideleg>() & csr::interrupt::lcof) == 0) {
        arch::guest_hart::forward_overflow();
    }
    return false;
}

// Claims under the device lock, so that no claimed source is still on its way when the guest has ended. A guest whose
// sources are claimed here has a PLIC (Rule::wrong_controller): an APLIC in MSI mode sends them to its interrupt files.
void take_source() {
    auto& vm = this_vm();
    const auto source = [&vm] {
        const arch::LockGuard guard(vm.devices.lock());
        const auto claimed = arch::irq::claim(board_hart(this_vcpu()));
        if (claimed != 0 && claimed != description.board.console.source) {
            vm.plic->arrive(claimed);
        }
        return claimed;
    }();
    if (source == description.board.console.source) {
        input::handle_interrupt();
    }
}

void take_interrupts_stopped() {
    HartTakePort port;
    take_stopped(this_vcpu(), port);
}

void refresh_external(Vm& vm) {
    if (vm.plic != nullptr) {
        const arch::LockGuard guard(vm.devices.lock());
        vm.plic->refresh();
    }
}

}  // namespace mullion::run
