// SPDX-License-Identifier: Apache-2.0
// A guest's console beside the registers of its 16550: the SBI debug console, and what comes from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "run/vm.hpp"

namespace mullion::run::guest_console {

/// Output beside the 16550. Returns the number of bytes taken; what is not taken did not find room.
std::size_t write(Vm& vm, std::span<const std::uint8_t> bytes);

/// What was typed and not yet read by either way.
std::size_t read(Vm& vm, std::span<std::uint8_t> bytes);

/// On a hart of the guest: moves what was typed into the 16550, and tells it that there is room for output again.
void refresh(Vm& vm);

}  // namespace mullion::run::guest_console
