// SPDX-License-Identifier: Apache-2.0
// Formats what is reached as text.
#pragma once

#include <string>

#include "audit.hpp"

namespace mullion::audit {

/// Returns each guest's map, then the hypervisor's own, one for the harts that share it.
std::string map_of(const Report& report);

}  // namespace mullion::audit
