// SPDX-License-Identifier: Apache-2.0
// Places windows that have no given host address.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace mullion::partc {

/// Places every window without a host address after the hypervisor. Skips windows that no table can map, which check()
/// refuses.
void place_windows(Model& model, Diagnostics& diagnostics);

/// Returns RAM that no guest and no part of the system has, in ascending order.
std::vector<HostRange> unused_ram(const Model& model, HostRange hypervisor);

}  // namespace mullion::partc
