// SPDX-License-Identifier: Apache-2.0
// Checks, whatever was asked for, that no guest reaches memory of another guest, the hypervisor or the firmware.
#pragma once

#include <vector>

#include "asked.hpp"
#include "audit.hpp"
#include "finding.hpp"
#include "image.hpp"

namespace mullion::audit {

std::vector<Finding> judge_ownership(const Image& image, const Asked& asked, const std::vector<HartReport>& harts);

}  // namespace mullion::audit
