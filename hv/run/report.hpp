// SPDX-License-Identifier: Apache-2.0
// What is told of a guest's exits, on demand and at its end.
#pragma once

#include <string_view>

#include "run/vm.hpp"

namespace mullion::run {

/// Prints the exits of each hart of the guest by cause, in this life (vm/exit_lines.hpp).
void print_exits(const Vm& vm, void (*print)(std::string_view line));

}  // namespace mullion::run
