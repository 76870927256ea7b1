// SPDX-License-Identifier: Apache-2.0
// Where the hypervisor writes a guest's random seed, held against the guest's own tree in the image.
#pragma once

#include <string>

#include "constants.hpp"
#include "image.hpp"

namespace mullion::audit {

/// What is wrong with the place of the guest's seed; empty if it is that of a property of /chosen, as large as a seed,
/// in the one image that is copied to where the guest's tree is. Nothing else is written to guests at their starts.
std::string judge_seed(const Image& image, const Constants& constants, const GuestConstant& guest);

}  // namespace mullion::audit
