// SPDX-License-Identifier: Apache-2.0
// Interrupts of the hart's own: messages, wired sources, and its supervisor timer.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// On every hart, before the first guest enters.
void enable_interrupts();

/// What somebody asks of the calling hart; each includes those before it.
enum class Asked {
    nothing,
    requests,   ///< by siblings, of vm/sbi/requests.hpp, and software events
    attention,  ///< orders of the operator, typed bytes
};

/// Takes all that is pending, without waiting. The caller must do what is asked.
Asked take_interrupts();

/// The calling hart has the external interrupt that the guest's PLIC has for it; nothing where it has none.
void refresh_external(Vm& vm);

/// On a hart whose guest is STARTED: does what others asked. Does not return if the guest ends.
void give_attention();

}  // namespace mullion::run
