// SPDX-License-Identifier: Apache-2.0
// Computes what the hypervisor's own tables should reach, identity mapped: each part of the image with its rights, what
// it drives, and the memory of the guest that runs on the hart.
#pragma once

#include <vector>

#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Returns the pieces in ascending order. `guest` is what the hart's guest reaches, with the places of its memory;
/// empty without a guest. Throws Error if the image does not name its parts.
std::vector<Piece> hypervisor_pieces(const Image& image, const Requirements& asked, const std::vector<Piece>& guest);

/// Returns the range from the hypervisor's first byte to its last.
Range extent_of(const Image& image);

/// Checks that every section is in its part, and all parts in RAM.
std::vector<Mismatch> judge_image(const Image& image, const Requirements& asked);

}  // namespace mullion::audit
