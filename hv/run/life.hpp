// SPDX-License-Identifier: Apache-2.0
// How guests begin and end (vm/life.hpp has the states).
#pragma once

#include <string_view>

#include "run/vm.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

/// The calling hart's guest asked to end: off, or from the beginning again.
[[noreturn]] void end_guest(Ending ending);

/// The calling hart's guest did something fatal; the report has been printed.
[[noreturn]] void end_crashed_guest();

/// On a STARTED hart of the guest: what the operator ordered. Returns if there is nothing to do after all.
void obey_order(Vm& vm);

/// The same on a hart in the park loop.
void obey_order_parked(Vm& vm);

/// Asks a guest to restart or to end, from any hart.
void order(Vm& vm, Order what);

}  // namespace mullion::run
