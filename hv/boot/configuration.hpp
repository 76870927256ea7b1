// SPDX-License-Identifier: Apache-2.0
// What the IOMMU, the interrupt controller and each hart are set to before a guest enters. What can only be found out
// by writing is checked here, and a line ends the machine if a register does not take its value.
#pragma once

#include <cstdint>

#include "core/description.hpp"

namespace mullion::boot {

/// Has the IOMMU, if the board has one, let only those devices through that are guests', and these are at rest. By the
/// boot hart, before anything that devices could harm.
void configure_dma();

/// Masks every source of the interrupt controller, so that nothing that firmware routed is left. By the boot hart,
/// before any hart enables its interrupts.
void configure_controller();

/// Sets the calling hart up for its guest for good: what traps, what is delegated, which counters are open, and the
/// tables that it translates by.
void configure_hart(const Hart& hart, std::uint64_t hgatp);

}  // namespace mullion::boot
