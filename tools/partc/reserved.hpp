// SPDX-License-Identifier: Apache-2.0
// Reads memory of the machine that no guest may have.
#pragma once

#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns what /reserved-memory and /memreserve/ keep, disabled memory, and aliases of `ram`: ascending, in whole
/// pages, overlapping ones joined. The firmware's own node is not among them.
std::vector<ReservedModel> read_reserved(const Tree& tree, const std::vector<HostRange>& ram, Diagnostics& diagnostics);

}  // namespace mullion::partc
