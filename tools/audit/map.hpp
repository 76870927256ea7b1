// SPDX-License-Identifier: Apache-2.0
// What is reached, for people.
#pragma once

#include <string>

#include "audit.hpp"

namespace mullion::audit {

/// Each guest's map, then the hypervisor's own, one for the harts that share it.
std::string map_of(const Report& report);

}  // namespace mullion::audit
