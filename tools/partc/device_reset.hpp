// SPDX-License-Identifier: Apache-2.0
// Knows how to quiesce devices that a guest may be given.
#pragma once

#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns whether the node's registers are those of a 16550, at places that `reg-shift`, `reg-io-width` and
/// `reg-offset` give.
bool is_serial_port(const Node& node);

/// Returns the stores that stop whatever a guest has made the device do, in order; none if no method is known.
std::vector<DeviceReset> reset_of(const Node& device);

}  // namespace mullion::partc
