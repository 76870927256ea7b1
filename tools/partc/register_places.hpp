// SPDX-License-Identifier: Apache-2.0
// Checks where a device's registers are within its reg, as Linux's bindings of serial ports and others say it.
#pragma once

#include <cstdint>
#include <string>

#include "tree.hpp"

namespace mullion::partc {

/// Returns, in words that follow the node's name, which property puts registers outside `size` bytes, or is malformed;
/// empty if none does. `from` is the position of the message.
std::string misplaced_registers(const Node& node, std::uint64_t size, const Position& from);

}  // namespace mullion::partc
