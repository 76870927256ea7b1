// SPDX-License-Identifier: Apache-2.0
// `partc tree`: a guest's device tree as a source.
#pragma once

#include <expected>
#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// The error names the guests that there are.
std::expected<std::string, std::string> guest_source(const Described& described, const std::string& guest);

}  // namespace mullion::partc
