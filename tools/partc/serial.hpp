// SPDX-License-Identifier: Apache-2.0
// Reads where a guest's emulated serial port is, if the partition says so.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Reads a partition's `serial@ADDRESS`, whose `reg` has guest physical addresses.
void read_serial(const Node& node, GuestModel& guest, Diagnostics& diagnostics);

}  // namespace mullion::partc
