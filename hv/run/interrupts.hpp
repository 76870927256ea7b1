// SPDX-License-Identifier: Apache-2.0
// Interrupts of the hart's own: messages, wired sources, and its supervisor timer.
#pragma once

#include "core/message.hpp"
#include "run/vm.hpp"

namespace mullion::run {

/// On every hart, before the first guest enters.
void enable_interrupts();

/// Takes all that is pending, without waiting. The caller must do what is wanted (vm/messages.hpp).
Wanted take_interrupts();

/// The calling hart has the external interrupt that the guest's PLIC has for it; nothing where it has none.
void refresh_external(Vm& vm);

}  // namespace mullion::run
