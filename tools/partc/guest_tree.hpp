// SPDX-License-Identifier: Apache-2.0
// The device tree that a guest is given.
#pragma once

#include <string>

#include "model.hpp"

namespace mullion::partc {

/// The flattened tree of `guest`: its harts numbered from 0, its memory, an IMSIC, an APLIC and a 16550 where the
/// board has them, and the devices that it was granted with what they refer to. `tree` is the board's.
std::string guest_tree(const Tree& tree, const BoardModel& board, const GuestModel& guest);

}  // namespace mullion::partc
