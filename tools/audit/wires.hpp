// SPDX-License-Identifier: Apache-2.0
// Which interrupts of a node end at a controller (devicetree specification, "Interrupts and Interrupt Mapping").
#pragma once

#include <vector>

#include "asked.hpp"
#include "tree.hpp"

namespace mullion::audit {

/// In the node's order. Throws Error where the node does not say it.
std::vector<Source> wires_of(const Tree& tree, const Node& node, const Node& controller);

}  // namespace mullion::audit
