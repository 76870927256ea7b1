// SPDX-License-Identifier: Apache-2.0
// Implements `partc map --svg`: draws the machine and what each guest sees of it.
#pragma once

#include <string>

#include "describe.hpp"

namespace mullion::partc {

std::string map_svg(const Described& described);

}  // namespace mullion::partc
