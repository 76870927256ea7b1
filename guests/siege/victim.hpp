// SPDX-License-Identifier: Apache-2.0
// A guest that notices when something of its own changes that it has not changed itself.
#pragma once

#include <cstdint>

namespace siege {

[[noreturn]] void watch(std::uint64_t id);

}  // namespace siege
