// SPDX-License-Identifier: Apache-2.0
// Random seeds of guests: gathered once, at boot, and drawn at each start.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// On the boot hart, before a guest starts: each guest's pool is filled from what the firmware's tree and the hart
/// have. False: neither has anything.
bool gather_seeds();

/// A new seed into the guest's tree, which is in its memory. Without one its tree stays as it is: without the property.
void plant_seed(Vm& vm);

}  // namespace mullion::run
