// SPDX-License-Identifier: Apache-2.0
// Finds the interrupts of a node that go to a controller (devicetree specification, "Interrupts and Interrupt
// Mapping").
#pragma once

#include <vector>

#include "requirements.hpp"
#include "tree.hpp"

namespace mullion::audit {

/// Returns the sources in the node's order. Throws Error if the node lacks something.
std::vector<WiredSource> wires_of(const Tree& tree, const Node& node, const Node& controller);

}  // namespace mullion::audit
