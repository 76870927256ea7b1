// SPDX-License-Identifier: Apache-2.0
// Finds what the devices of a guest refer to. Clocks, regulators and the like without hardware are copied with them;
// those with hardware must be granted, too.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Fills in `providers` of each guest. Removes guests with a reference to something that they cannot have from `model`,
/// like all guests with a mistake.
void bring_providers(const Tree& tree, Model& model, Diagnostics& diagnostics);

}  // namespace mullion::partc
