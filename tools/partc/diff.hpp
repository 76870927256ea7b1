// SPDX-License-Identifier: Apache-2.0
// Implements `partc diff`: says in words what changes from one description to another.
#pragma once

#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// Returns one change a line, or "no difference".
std::string differences(const Described& before, const Described& after);

/// Compares `options.file` with `after`, both read as the options say.
Result diff(const Options& options, const std::string& after);

}  // namespace mullion::partc
