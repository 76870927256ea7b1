// SPDX-License-Identifier: Apache-2.0
// Places a guest's emulated devices, and chooses their interrupt sources.
#pragma once

#include "model.hpp"

namespace mullion::partc {

/// Adds the guest's interrupt controller, its serial port, what its partition asks for (emulated.hpp), and a PCI host
/// bridge if it has functions. Requires: the guest has its harts, windows, functions and granted sources.
void add_emulated_devices(const BoardModel& board, GuestModel& guest);

}  // namespace mullion::partc
