// SPDX-License-Identifier: Apache-2.0
// Random seeds of guests: gathered once, at boot, and drawn at each start.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// Fills each guest's pool from the seed in the firmware's tree and the hart's entropy. Returns whether there was
/// either. On the boot hart, before a guest starts.
bool gather_seeds();

/// Writes a new seed into the guest's tree, which is in its memory. If there is none the tree stays without that
/// property.
void plant_seed(Vm& vm);

}  // namespace mullion::run
