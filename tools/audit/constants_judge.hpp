// SPDX-License-Identifier: Apache-2.0
// Compares constants that isolation depends on at run time, besides page tables, with the description's tree: owners of
// harts, windows, interrupt sources, emulated devices, what is copied where, and where guests begin.
#pragma once

#include <vector>

#include "audit.hpp"
#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Judges all constants. `harts` say where the memory of each guest is. Throws Error if the image lacks constants.
std::vector<Mismatch> judge_constants(const Image& image, const Requirements& asked,
                                      const std::vector<HartReport>& harts);

}  // namespace mullion::audit
