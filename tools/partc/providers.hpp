// SPDX-License-Identifier: Apache-2.0
// What the devices of a guest refer to: clocks, regulators and the like come along, where they have no hardware of
// their own; what has must be granted, too.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Fills in `providers` of each guest. Guests with a reference that leads nowhere they may go are taken out of `model`,
/// as all guests with a mistake are.
void bring_providers(const Tree& tree, Model& model, Diagnostics& diagnostics);

}  // namespace mullion::partc
