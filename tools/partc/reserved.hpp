// SPDX-License-Identifier: Apache-2.0
// What of the machine's memory is nobody's to give.
#pragma once

#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What /reserved-memory and /memreserve/ keep, memory that is disabled, and second ways to `ram`: ascending, in whole
/// pages, and what meets is one. The firmware's own node is told apart and not among them.
std::vector<ReservedModel> read_reserved(const Tree& tree, const std::vector<HostRange>& ram, Diagnostics& diagnostics);

}  // namespace mullion::partc
