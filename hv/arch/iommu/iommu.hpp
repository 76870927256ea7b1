// SPDX-License-Identifier: Apache-2.0
// The machine's IOMMU. hv/drivers.cpp has the driver in the images of boards that have one.
#pragma once

#include <cstdint>
#include <optional>

#include "core/text.hpp"

namespace mullion::arch::iommu {

/// Accesses of devices that were refused since boot.
struct Refused {
    std::uint64_t count = 0;
    bool uncounted = false;         ///< and more, for which there was no room
    std::uint32_t last_device = 0;  ///< the id of the last one's device
};

struct Driver {
    /// Has the IOMMU decide by the device directory, and nothing that firmware told it. Returns what is wrong. By the
    /// boot hart, before any guest.
    std::optional<Text> (*initialise)();
    Refused (*refused)();
};

extern const Driver driver;

/// Null: the board has none.
extern const Driver* const driver_of_board;

}  // namespace mullion::arch::iommu
