// SPDX-License-Identifier: Apache-2.0
// What is told of guests on demand and at their end: states and exits.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// A line for each hart of the guest: exits by cause, in this life.
void print_exits(const Vm& vm);

/// States and exit counters of all guests: the console's `s`.
void print_states();

}  // namespace mullion::run
