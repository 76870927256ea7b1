// SPDX-License-Identifier: Apache-2.0
// Interrupts of the hart's own: messages, wired sources, and its supervisor timer. Here they are taken, and what they
// say is due is done; what they ask of a hart that runs its guest is run/park.hpp's.
#pragma once

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/irq/irq.hpp"
#include "core/message.hpp"
#include "core/tables.hpp"
#include "run/guest_console.hpp"
#include "run/linked_services.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"

namespace mullion::run {

/// Lets messages, sources and timers interrupt the calling hart. On every hart, before the first guest enters.
void enable_interrupts();

/// Gives the calling hart the external interrupt that the guest's PLIC has for it, if the guest has one.
void refresh_external(Vm& vm);

// The parts of take_interrupts().

/// Takes the timer's interrupt, and does what is due.
void take_timer();
/// Takes a counter's overflow, which is not delegated: it is an event, or an interrupt of the guest's. Returns whether
/// the guest's events are to be looked at.
bool take_overflow();
/// Takes one wired source: another that is pending interrupts once more.
void take_source();

/// Takes all that is pending, without waiting. The caller does what is wanted (vm/messages.hpp).
inline Wanted take_interrupts() {
    const auto pending = arch::read<arch::Csr::sip>() & arch::read<arch::Csr::sie>();
    if ((pending & csr::interrupt::st) != 0) {
        take_timer();
    }
    const bool overflow = (pending & csr::interrupt::lcof) != 0 && take_overflow();
    auto wanted = overflow ? Wanted::requests : Wanted::nothing;
    if ((pending & (csr::interrupt::se | csr::interrupt::ss)) != 0) {
        // Every message is for good once claimed, so all that is pending is taken at once.
        const auto messages = arch::irq::claim_messages(pending);
        if (has(messages, Message::software)) {
            arch::set_bits<arch::Csr::hvip>(csr::interrupt::vss);
        }
        if (has(messages, Message::source)) {
            take_source();
        }
        wanted = std::max(wanted, wanted_by(messages));
    }
    return wanted;
}

/// It has no state: everything is the calling hart's.
struct HartTakePort {
    Wanted take_interrupts() { return run::take_interrupts(); }
    void drop_interrupts() { arch::guest_hart::drop_pending_interrupts(); }
    void look_after_devices() {
        guest_console::refresh(this_vm());
        refresh_external(this_vm());
        if (pci_functions != nullptr) {
            pci_functions->look_at_refused(this_vm());
        }
    }
};

static_assert(TakePort<HartTakePort>);

/// Takes all that is pending on a hart of which no guest runs: in the park loop, and in each wait that may be long.
void take_interrupts_stopped();

}  // namespace mullion::run
