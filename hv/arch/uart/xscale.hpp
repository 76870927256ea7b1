// SPDX-License-Identifier: Apache-2.0
// Drives the UART of Intel's XScale (PXA255 Processor Developer's Manual, 10.4): a 16550 that a bit of the interrupt
// enable register switches on as a whole.
#pragma once

#include <cstdint>

#include "arch/uart/ns16550.hpp"

namespace mullion::arch::uart {

inline constexpr std::uint8_t xscale_unit_enable = 1 << 6;

template <UartRegisters Registers>
using Xscale = Ns16550<Registers, xscale_unit_enable>;

}  // namespace mullion::arch::uart
