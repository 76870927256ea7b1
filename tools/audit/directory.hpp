// SPDX-License-Identifier: Apache-2.0
// Judges the device directory of an image.
#pragma once

#include <vector>

#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Checks that there is a directory where the board has an IOMMU, and that it lets no device through.
std::vector<Mismatch> judge_directory(const Image& image, const Requirements& asked);

}  // namespace mullion::audit
