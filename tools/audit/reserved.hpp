// SPDX-License-Identifier: Apache-2.0
// Memory of the board that is nobody's: what it reserves, and what leads to its RAM by another way.
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

/// In ascending order; what meets is one. Throws Error where the tree does not say it.
std::vector<NamedRange> read_reserved(const Tree& tree, const std::vector<Range>& ram);

}  // namespace mullion::audit
