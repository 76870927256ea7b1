// SPDX-License-Identifier: Apache-2.0
// Reads the node of a controller that interrupts harts directly: a PLIC, or an APLIC in direct delivery mode.
#pragma once

#include <cstdint>
#include <vector>

#include "diagnostics.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns the number of each hart's S-mode at the controller: its context in a PLIC, its hart index in an APLIC. 0 for
/// a hart that the node does not name, which is reported.
std::vector<std::uint32_t> read_contexts(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                                         Diagnostics& diagnostics);

}  // namespace mullion::partc
