// SPDX-License-Identifier: Apache-2.0
// What boot.S reads before there is a stack, and where it goes.
#pragma once

#include <cstdint>

#include "core/address.hpp"

namespace mullion::arch {

/// A row per hart of the board, in the board's order.
struct BootHart {
    std::uint64_t id;    ///< hart id
    std::uint64_t satp;  ///< its stage-1 table
};

/// Where the firmware's HSM hart_start enters.
Hpa secondary_entry_address();

extern "C" {
/// boot_harts, an array of BootHart, is for boot.S alone.
extern const std::uint64_t boot_hart_count;

/// On the hart that the firmware entered on; `hart` is its index in Board::harts.
[[noreturn]] void boot_main(std::uint64_t hart);
/// On every other hart.
[[noreturn]] void secondary_main(std::uint64_t hart);
}

}  // namespace mullion::arch
