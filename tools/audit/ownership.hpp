// SPDX-License-Identifier: Apache-2.0
// Checks, whatever was asked for, that no guest reaches memory of another guest, the hypervisor or the firmware.
#pragma once

#include <vector>

#include "audit.hpp"
#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"

namespace mullion::audit {

std::vector<Mismatch> judge_ownership(const Image& image, const Requirements& asked,
                                      const std::vector<HartReport>& harts);

}  // namespace mullion::audit
