// SPDX-License-Identifier: Apache-2.0
// `partc explain`: what lies at an address, whose it is, and which line says so.
#pragma once

#include <cstdint>
#include <string>

#include "describe.hpp"

namespace mullion::partc {

/// `address` as the machine's, then as each guest's.
std::string explain(const Described& described, std::uint64_t address);

}  // namespace mullion::partc
