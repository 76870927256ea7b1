// SPDX-License-Identifier: Apache-2.0
// The lives of guests (vm/life) on this machine. All but schedule_starts() are for the guest of the calling hart.
#pragma once

#include <string_view>

#include "run/vm.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

/// Notes which guests will start by themselves. At boot, once, before any hart parks.
void schedule_starts();

/// Ends the guest as it has asked: off, or from the beginning again.
[[noreturn]] void end_guest(Ending ending);

/// Stops the guest, which did something fatal, and reports that (run/linked_services.hpp). Requires: all registers of
/// the context are the guest's.
[[noreturn]] void end_crashed_guest(const arch::HartContext& context, std::string_view why);

/// Does what was ordered, on a STARTED hart. Returns if there is nothing to do after all.
void obey_order();

/// Does what was ordered, on a hart in the park loop.
void obey_order_parked();

}  // namespace mullion::run
