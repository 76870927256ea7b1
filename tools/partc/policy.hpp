// SPDX-License-Identifier: Apache-2.0
// Reads the `policy` node of a partition: when the guest starts, and what follows when it ends.
#pragma once

#include <string>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns the property for a cause: "on-crash".
std::string property_of(Cause cause);

/// Reads `guest.policy` and `guest.start_after`. Ignores unknown properties, which check_properties() refuses.
void read_policy(const Tree& tree, const Node& node, GuestModel& guest, Diagnostics& diagnostics);

/// Says when the guest starts: "at boot", "500 ms after beta", "when the operator says so".
std::string start_text(const GuestModel& guest);

/// Says how the guest is stopped: "asked by sysrq, ended after 20 s".
std::string stop_text(const Stop& stop);

/// Says what follows an end: "restart, at most 3 times in 60 s".
std::string reaction_text(const Reaction& reaction);

}  // namespace mullion::partc
