// SPDX-License-Identifier: Apache-2.0
// `partc diff`: what changes from one description to another, in words.
#pragma once

#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// One change a line; "no difference" where there is none.
std::string differences(const Described& before, const Described& after);

/// The same from `options.file` to `after`, both read as the options say.
Result diff(const Options& options, const std::string& after);

}  // namespace mullion::partc
