// SPDX-License-Identifier: Apache-2.0
// Interrupts of the hart's own: messages, wired sources, and its supervisor timer.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// On every hart, before the first guest enters.
void enable_interrupts();

/// Takes all that is pending, without waiting. True: somebody called for attention, which the caller must give
/// (requests of siblings, orders of the operator, typed bytes).
bool take_interrupts();

/// The calling hart has the external interrupt that the guest's PLIC has for it; nothing where it has none.
void refresh_external(Vm& vm);

/// On a hart whose guest is STARTED: does what others asked. Does not return if the guest ends.
void give_attention();

}  // namespace mullion::run
