// SPDX-License-Identifier: Apache-2.0
// Notices if something of its own changes that it has not changed itself.
#pragma once

#include <cstdint>

namespace siege {

[[noreturn]] void watch(std::uint64_t id);

}  // namespace siege
