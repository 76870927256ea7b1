// SPDX-License-Identifier: Apache-2.0
// Host memory for the windows that ask for none in particular.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace mullion::partc {

/// Places every window without a host address behind the hypervisor. Windows that no table could map, and that the law
/// refuses, are left as they are.
void place_windows(Model& model, Diagnostics& diagnostics);

/// What no guest and no part of the system has, in ascending order.
std::vector<HostRange> unused_ram(const Model& model, HostRange hypervisor);

}  // namespace mullion::partc
