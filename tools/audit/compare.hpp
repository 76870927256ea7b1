// SPDX-License-Identifier: Apache-2.0
// Compares what was asked for with what is reached.
#pragma once

#include <vector>

#include "mismatch.hpp"
#include "requirements.hpp"
#include "walk.hpp"

namespace mullion::audit {

/// Returns a mismatch for each range of addresses that differs in one way. Unsound leaves are skipped, as they have a
/// mismatch already. Requires: both lists are in ascending order of `at`, without overlaps, and pieces have a place.
std::vector<Mismatch> compare(const std::vector<Piece>& asked, const std::vector<Leaf>& reached);

/// Formats rights as "rwx" or "r--".
std::string rights_text(std::uint8_t rights);

}  // namespace mullion::audit
