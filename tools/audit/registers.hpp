// SPDX-License-Identifier: Apache-2.0
// Reads the values that each hart writes to satp and hgatp from the image's constants.
#pragma once

#include <cstdint>
#include <vector>

#include "image.hpp"

namespace mullion::audit {

struct HartRegisters {
    std::uint64_t id = 0;  ///< hart id
    std::uint64_t satp = 0;
    std::uint64_t hgatp = 0;
};

/// Returns them in the image's order. Throws Error if they are not constant in the image.
std::vector<HartRegisters> read_registers(const Image& image);

}  // namespace mullion::audit
