// SPDX-License-Identifier: Apache-2.0
// What was asked for against what is reached.
#pragma once

#include <vector>

#include "asked.hpp"
#include "finding.hpp"
#include "walk.hpp"

namespace mullion::audit {

/// Both in ascending order of `at`, without overlaps; pieces have a place. A finding for each stretch of addresses that
/// differs in one way. Leaves that are not sound have their finding already and are passed over.
std::vector<Finding> compare(const std::vector<Piece>& asked, const std::vector<Leaf>& reached);

/// "rwx", "r--"
std::string rights_text(std::uint8_t rights);

}  // namespace mullion::audit
