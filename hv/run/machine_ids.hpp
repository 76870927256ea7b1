// SPDX-License-Identifier: Apache-2.0
// What SBI Base tells guests of the machine.
#pragma once

#include "vm/sbi/port.hpp"

namespace mullion::run {

extern constinit MachineIds machine_ids;

/// Notes mvendorid, marchid and mimpid as the firmware tells them. By the boot hart, before any guest enters.
void note_machine_ids();

}  // namespace mullion::run
