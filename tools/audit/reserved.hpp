// SPDX-License-Identifier: Apache-2.0
// Reads memory of the board that no guest may have: reserved memory and aliases of RAM.
#pragma once

#include <string>
#include <vector>

#include "range.hpp"
#include "tree.hpp"

namespace mullion::audit {

struct NamedRange {
    std::string name;
    Range range;
};

/// Returns the ranges in ascending order, overlapping ones joined. Throws Error if the tree lacks something.
std::vector<NamedRange> read_reserved(const Tree& tree, const std::vector<Range>& ram);

}  // namespace mullion::audit
