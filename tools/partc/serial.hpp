// SPDX-License-Identifier: Apache-2.0
// Where a guest's emulated serial port is, if a partition says it.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// `node` is a partition's `serial@ADDRESS`, whose `reg` is in guest addresses.
void read_serial(const Node& node, GuestModel& guest, Diagnostics& diagnostics);

}  // namespace mullion::partc
