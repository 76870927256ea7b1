// SPDX-License-Identifier: Apache-2.0
// Declares what boot.S and C++ call of each other, and what boot.S has found in the firmware's tree.
#pragma once

#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/sha256.hpp"

namespace mullion::arch {

/// Returns the digest of the seed that the firmware's tree had (core/firmware_tree.hpp), and forgets it.
std::optional<Digest> take_firmware_seed();

/// Memory that the firmware's tree reserves and that the description uses.
struct ReservedInUse {
    HostRange range;
    const Guest* guest = nullptr;  ///< who has it; null: Mullion itself
};

/// Returns the first such memory in the tree, nothing if there is none.
std::optional<ReservedInUse> reserved_in_use();

/// Returns where the firmware's HSM hart_start is to enter.
Hpa secondary_entry_address();

extern "C" {
/// Boots the machine, on the hart that the firmware entered on; `hart` is its index in Board::harts.
[[noreturn]] void boot_main(std::uint64_t hart);
/// Joins, on every other hart.
[[noreturn]] void secondary_main(std::uint64_t hart);
}

}  // namespace mullion::arch
