// SPDX-License-Identifier: Apache-2.0
// The machine's IOMMU. hv/drivers.cpp has the driver in the images of boards that have one.
#pragma once

#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/text.hpp"

namespace mullion::arch::iommu {

/// Accesses of devices that were refused since boot.
struct Refused {
    std::uint64_t count = 0;
    std::uint64_t overflows = 0;    ///< how often there were more, for which there was no room
    std::uint32_t last_device = 0;  ///< the id of the last one's device
};

struct Driver {
    /// Has the IOMMU decide by the device directory, and by nothing that firmware told it. Returns what is wrong. By
    /// the boot hart, before any guest.
    std::optional<Text> (*initialise)();
    /// Calls `each(id)`, of its device, for each access that was refused since the last call, and makes room for more.
    Refused (*refused)(void (*each)(std::uint32_t device));
    /// Has the IOMMU send the identity to that interrupt file at the next access that it refuses, once. Returns false
    /// if it does not: there has been one since the last call of refused(), or it cannot (capabilities.IGS).
    bool (*listen)(Hpa file, std::uint32_t identity);
    /// Returns whether it has sent one since listen().
    bool (*has_interrupted)();
    /// Waits, at most a tenth of a second, until what was let through has been done and is seen by all. Returns whether
    /// it has.
    bool (*complete)();
};

extern const Driver driver;

/// Null: the board has none.
extern const Driver* const driver_of_board;

}  // namespace mullion::arch::iommu
