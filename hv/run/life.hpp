// SPDX-License-Identifier: Apache-2.0
// How guests end, and what follows (vm/life.hpp has the states, core/policy.hpp what a description decides).
#pragma once

#include <string_view>

#include "run/vm.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

/// The calling hart's guest asked to end: off, or from the beginning again.
[[noreturn]] void end_guest(Ending ending);

/// The calling hart's guest did something fatal: it is stopped, then this is reported (run/crash.hpp). All registers of
/// the context are the guest's.
[[noreturn]] void end_crashed_guest(const arch::HartContext& context, std::string_view why);

/// On a STARTED hart of the guest: what the operator ordered. Returns if there is nothing to do after all.
void obey_order(Vm& vm);

/// The same on a hart in the park loop.
void obey_order_parked(Vm& vm);

/// The operator wants a guest to restart or to end, from any hart. Where its policy says how, it is asked first, and
/// has some time; a second order ends it at once.
void order(Vm& vm, Order what);

/// The alarm of a hart of the guest: what is due by time becomes an order.
void look_at_the_time(Vm& vm);

/// Likewise, where the guest was asked to end.
void go_on_asking(Vm& vm);

}  // namespace mullion::run
