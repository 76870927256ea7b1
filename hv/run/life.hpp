// SPDX-License-Identifier: Apache-2.0
// The lives of guests (vm/life) on this machine. All but schedule_starts() are for the guest of the calling hart.
#pragma once

#include <string_view>

#include "run/vm.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

/// At boot, once, before any hart parks: which guests will start by themselves.
void schedule_starts();

/// The guest asked to end: off, or from the beginning again.
[[noreturn]] void end_guest(Ending ending);

/// The guest did something fatal: it is stopped, then this is reported (run/services.hpp). All registers of the context
/// are the guest's.
[[noreturn]] void end_crashed_guest(const arch::HartContext& context, std::string_view why);

/// On a STARTED hart: what was ordered. Returns if there is nothing to do after all.
void obey_order();

/// The same on a hart in the park loop.
void obey_order_parked();

}  // namespace mullion::run
