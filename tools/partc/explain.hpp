// SPDX-License-Identifier: Apache-2.0
// Implements `partc explain`: says what is at an address, whose it is, and which line of the source makes it so.
#pragma once

#include <cstdint>
#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// Explains `address` as a host address, then as each guest's.
std::string explain(const Described& described, std::uint64_t address);

}  // namespace mullion::partc
