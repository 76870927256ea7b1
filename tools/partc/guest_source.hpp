// SPDX-License-Identifier: Apache-2.0
// Implements `partc tree`: decompiles a guest's device tree.
#pragma once

#include <expected>
#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// Returns the source of a guest's tree. The error lists the guests.
std::expected<std::string, std::string> guest_source(const Described& described, const std::string& guest);

}  // namespace mullion::partc
