// SPDX-License-Identifier: Apache-2.0
// What is told of a guest: its exits, and why it had to be stopped.
#pragma once

#include <string_view>

#include "arch/hart.hpp"
#include "run/vm.hpp"

namespace mullion::run {

/// A line for each hart of the guest: exits by cause, in this life.
void print_exits(const Vm& vm);

/// States and exit counters of all guests: the console's `s`.
void print_states();

/// The report of a guest that is stopped because of what the calling hart's guest did. All registers of the context
/// are the guest's.
void print_crash(const arch::HartContext& context, std::string_view why);

}  // namespace mullion::run
