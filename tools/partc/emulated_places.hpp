// SPDX-License-Identifier: Apache-2.0
// Places a guest's emulated devices, and chooses their interrupt sources.
#pragma once

#include "model.hpp"

namespace mullion::partc {

/// Adds the guest's interrupt controller, its serial port and what its partition asks for (emulated.hpp). Requires: the
/// guest has its harts, windows and granted sources.
void add_emulated_devices(const BoardModel& board, GuestModel& guest);

}  // namespace mullion::partc
