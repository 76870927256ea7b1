// SPDX-License-Identifier: Apache-2.0
// The table that boot.S reads before it has a stack.
#pragma once

#include <cstdint>

namespace mullion {

/// One row for each hart of the board, in the board's order. boot.S knows the offsets.
struct BootHart {
    std::uint64_t id;    ///< hart id
    std::uint64_t satp;  ///< leads to the hart's stage-1 root table
};

}  // namespace mullion
