// SPDX-License-Identifier: Apache-2.0
// Judges the device directory of an image.
#pragma once

#include <vector>

#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Checks that there are directories where the board has an IOMMU, and that they have a context for each function that
/// a guest was granted, with the tree of its first hart, and nothing else.
std::vector<Mismatch> judge_directory(const Image& image, const Requirements& asked);

}  // namespace mullion::audit
