// SPDX-License-Identifier: Apache-2.0
// How devices that a guest may be given are brought back to rest.
#pragma once

#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns whether the node's registers are those of a 16550, where `reg-shift`, `reg-io-width` and `reg-offset` say.
bool is_serial_port(const Node& node);

/// The stores that end what a guest has made the device do, in their order; none where no way is known.
std::vector<DeviceReset> reset_of(const Node& device);

}  // namespace mullion::partc
