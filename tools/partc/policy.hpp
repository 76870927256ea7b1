// SPDX-License-Identifier: Apache-2.0
// The `policy` node of a partition: when the guest starts, and what follows when it ends.
#pragma once

#include <string>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// "on-crash"
std::string property_of(Cause cause);

/// Into `guest.policy` and `guest.start_after`. Names that are not known are somebody else's to refuse.
void read_policy(const Tree& tree, const Node& node, GuestModel& guest, Diagnostics& diagnostics);

/// "at boot", "500 ms after beta", "when the operator says so"
std::string start_text(const GuestModel& guest);

/// "asked by sysrq, ended after 20 s"
std::string stop_text(const Stop& stop);

/// "restart, at most 3 times in 60 s"
std::string reaction_text(const Reaction& reaction);

}  // namespace mullion::partc
