// SPDX-License-Identifier: Apache-2.0
#include "run/interrupts.hpp"

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/imsic.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/guest_console.hpp"
#include "run/life.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/sbi/sse_delivery.hpp"

namespace mullion::run {
namespace {

using arch::imsic::Identity;

/// Every message is for good once claimed, so all that is pending is taken at once.
bool take_messages() {
    bool attention = false;
    for (;;) {
        switch (arch::imsic::claim()) {
            case Identity::none:
                return attention;
            case Identity::software:
                arch::set_bits<arch::Csr::hvip>(csr::interrupt::vss);
                break;
            case Identity::attention:
                attention = true;
                break;
            case Identity::uart:
                console::handle_interrupt();
                break;
        }
    }
}

Exit exit_of(std::uint64_t interrupt) {
    switch (interrupt) {
        case csr::cause::supervisor_timer:
            return Exit::timer_interrupt;
        case csr::cause::counter_overflow:
            return Exit::counter_overflow;
        default:
            return Exit::external_interrupt;
    }
}

/// A counter's, which is not delegated: an event or an interrupt of the guest's. True: the guest's events are to be
/// looked at.
bool take_overflow() {
    if (this_vcpu().sse.keeps_overflow) {
        arch::guest_hart::clear_overflow();
        sse::raise_overflow(this_vcpu(), hart_port);
        return true;
    }
    if ((arch::read<arch::Csr::hvien>() & csr::interrupt::lcof) != 0) {
        arch::guest_hart::forward_overflow();
    }
    return false;
}

}  // namespace

void enable_interrupts() {
    arch::imsic::initialise();
    arch::write<arch::Csr::stimecmp>(Alarms::never);
    arch::set_bits<arch::Csr::sie>(csr::interrupt::st);
}

bool take_interrupts() {
    const auto pending = arch::read<arch::Csr::sip>() & arch::read<arch::Csr::sie>();
    if ((pending & csr::interrupt::st) != 0) {
        take_alarms();
    }
    const bool overflow = (pending & csr::interrupt::lcof) != 0 && take_overflow();
    const bool message = (pending & csr::interrupt::se) != 0 && take_messages();
    return overflow || message;
}

void give_attention() {
    auto& vm = this_vm();
    serve_requests(this_vcpu(), hart_port);
    guest_console::refresh(vm);
    if (vm.life.has_order()) {
        obey_order(vm);
    }
}

extern "C" void interrupt_entry(arch::HartContext& context) {
    const auto cause = arch::read<arch::Csr::scause>();
    context.vcpu->log.add({cause, arch::read<arch::Csr::sepc>()});
    context.vcpu->count(exit_of(cause));
    if (take_interrupts()) {
        give_attention();
        sse::attend(*context.vcpu, hart_port);
    }
}

}  // namespace mullion::run
