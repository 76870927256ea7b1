// SPDX-License-Identifier: Apache-2.0
// Reads the partitions node: who gets which harts, memory and devices. images.hpp reads images later.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Adds a guest to `model` for each partition that was read without a mistake.
void read_partitions(const Tree& tree, Model& model, Diagnostics& diagnostics);

}  // namespace mullion::partc
