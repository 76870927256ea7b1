// SPDX-License-Identifier: Apache-2.0
// Writes the PCI host bridge in a guest's tree.
#pragma once

#include <cstdint>

#include "model.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {

/// Writes the bridge behind which a guest finds its functions. `imsic` is the phandle of the guest's IMSIC. Requires:
/// the guest has functions.
void write_pci_host(TreeWriter& to, const BoardModel& board, const GuestModel& guest, std::uint32_t imsic);

}  // namespace mullion::partc
