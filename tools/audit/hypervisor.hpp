// SPDX-License-Identifier: Apache-2.0
// What the hypervisor's own tables should reach: identity mapped, each part of the image with its segment's rights,
// what it drives, and the memory of the guest that runs on the hart.
#pragma once

#include <vector>

#include "asked.hpp"
#include "finding.hpp"
#include "image.hpp"

namespace mullion::audit {

/// `guest` is what the hart's guest reaches, with the places of its memory; empty if there is none. In ascending order.
/// Throws Error if the image's sections do not allow for it.
std::vector<Piece> hypervisor_pieces(const Image& image, const Asked& asked, const std::vector<Piece>& guest);

/// Code, constants, data: nothing is writable and executable, and all of it is in RAM.
std::vector<Finding> judge_segments(const Image& image, const Asked& asked);

}  // namespace mullion::audit
