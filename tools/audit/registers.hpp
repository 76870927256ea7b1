// SPDX-License-Identifier: Apache-2.0
// The values that each hart writes to satp and hgatp, from the image's constants.
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

/// In the image's own order. Throws Error if the image does not carry them as constants.
std::vector<HartRegisters> read_registers(const Image& image);

}  // namespace mullion::audit
