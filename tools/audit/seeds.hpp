// SPDX-License-Identifier: Apache-2.0
// Compares the place where the hypervisor writes a guest's random seed with the guest's tree in the image.
#pragma once

#include <string>

#include "constants.hpp"
#include "image.hpp"

namespace mullion::audit {

/// Returns what is wrong with the place of the guest's seed. Empty if that is room for a property of /chosen, as large
/// as a seed, in the image that is copied to where the guest's tree is. Nothing else is written to guests at their
/// start.
std::string judge_seed(const Image& image, const Constants& constants, const GuestConstant& guest);

}  // namespace mullion::audit
