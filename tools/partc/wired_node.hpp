// SPDX-License-Identifier: Apache-2.0
// The node of a controller that interrupts harts by wires: a PLIC, or an APLIC in direct delivery mode.
#pragma once

#include <cstdint>
#include <vector>

#include "diagnostics.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// The number under which the controller knows the S-mode of each of `harts`: its context in a PLIC, its hart index in
/// an APLIC. 0 where the node does not name the hart, which is told.
std::vector<std::uint32_t> read_contexts(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                                         Diagnostics& diagnostics);

}  // namespace mullion::partc
