// SPDX-License-Identifier: Apache-2.0
#include "run/interrupts.hpp"

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/messages.hpp"
#include "arch/timer.hpp"
#include "arch/wired.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/message_port.hpp"
#include "run/rooms.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"

namespace mullion::run {
namespace {

/// Every message is for good once claimed, so all that is pending is taken at once.
Wanted take_messages() {
    const auto messages = arch::messages::claim();
    if (has(messages, Message::software)) {
        arch::set_bits<arch::Csr::hvip>(csr::interrupt::vss);
    }
    if (has(messages, Message::uart)) {
        console::handle_interrupt();
    }
    return wanted_by(messages);
}

/// One source: another that is pending interrupts once more. Claimed under the device lock, so that a guest that ends
/// leaves none behind that is on its way. Apart, so that messages save no registers for it.
[[gnu::noinline]] void take_wired_source() {
    auto& vm = this_vm();
    const auto source = [&vm] {
        const arch::LockGuard guard(vm.devices.lock());
        const auto claimed = arch::wired::claim(board_hart(this_vcpu()));
        if (claimed != 0 && claimed != description.board.console.source) {
            vm.plic->arrive(claimed);
        }
        return claimed;
    }();
    if (source == description.board.console.source) {
        console::handle_interrupt();
    }
}

Exit exit_of(std::uint64_t interrupt) {
    switch (interrupt) {
        case csr::cause::supervisor_timer:
            return Exit::timer_interrupt;
        case csr::cause::supervisor_software:
            return Exit::software_interrupt;
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
        software_events->raise_overflow(this_vcpu());
        return true;
    }
    if ((arch::read<arch::Csr::hideleg>() & csr::interrupt::lcof) == 0) {
        arch::guest_hart::forward_overflow();
    }
    return false;
}

/// What a message asks for. Apart, so that interrupts that ask for nothing save no registers for it.
[[gnu::noinline, gnu::hot]] void answer(arch::HartContext& context, Wanted wanted) {
    mullion::answer(*context.vcpu, context.vm->life, wanted, message_port);
}

}  // namespace

void enable_interrupts() {
    arch::messages::initialise();
    if (board_kind.controller != InterruptController::imsic) {
        arch::wired::initialise_hart(board_hart(this_vcpu()));
    }
    arch::timer::initialise();
}

[[gnu::hot]] Wanted take_interrupts() {
    const auto pending = arch::read<arch::Csr::sip>() & arch::read<arch::Csr::sie>();
    if ((pending & csr::interrupt::st) != 0) {
        take_alarms();
    }
    const bool overflow = (pending & csr::interrupt::lcof) != 0 && take_overflow();
    auto sent_by = csr::interrupt::se;
    if (board_kind.controller != InterruptController::imsic) {
        if ((pending & csr::interrupt::se) != 0) {
            take_wired_source();
        }
        sent_by = csr::interrupt::ss;
    }
    const auto wanted = (pending & sent_by) != 0 ? take_messages() : Wanted::nothing;
    return std::max(wanted, overflow ? Wanted::requests : Wanted::nothing);
}

void refresh_external(Vm& vm) {
    if (vm.plic != nullptr) {
        const arch::LockGuard guard(vm.devices.lock());
        vm.plic->refresh();
    }
}

extern "C" [[gnu::hot]] void interrupt_entry(arch::HartContext& context) {
    const auto cause = arch::read<arch::Csr::scause>();
    context.vcpu->log.add({cause, arch::read<arch::Csr::sepc>()});
    context.vcpu->count(exit_of(cause));
    if (const auto wanted = take_interrupts(); wanted != Wanted::nothing) {
        answer(context, wanted);
    }
}

}  // namespace mullion::run
