// SPDX-License-Identifier: Apache-2.0
// A guest's console beside the registers of its 16550: the SBI debug console, and what comes from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "run/vm.hpp"

namespace mullion::run::guest_console {

/// Takes output beside the 16550. Returns the number of bytes taken; for the rest there was no room.
std::size_t write(Vm& vm, std::span<const std::uint8_t> bytes);

/// Stores what was typed and not yet read by either way, and returns the number of bytes.
std::size_t read(Vm& vm, std::span<std::uint8_t> bytes);

/// Moves what was typed into the 16550, and tells it that there is room for output again. On a hart of the guest.
void refresh(Vm& vm);

}  // namespace mullion::run::guest_console
