// SPDX-License-Identifier: Apache-2.0
// What boot.S reads before there is a stack.
#pragma once

#include <cstdint>

namespace mullion {

/// A row per hart of the board, in the board's order.
struct BootHart {
    std::uint64_t id;    ///< hart id
    std::uint64_t satp;  ///< its stage-1 table
};

}  // namespace mullion
