// SPDX-License-Identifier: Apache-2.0
// Which of a machine's interrupt controllers and timers are the machine level's, and so the firmware's.
#pragma once

#include "tree.hpp"

namespace mullion::partc {

inline constexpr std::uint32_t supervisor_external = 9;  ///< privileged manual, sip.SEIP

/// Whether `node` interrupts harts at machine level only (CLINT, ACLINT, the M-level IMSIC, an APLIC domain that
/// delivers to it). What interrupts no hart itself is not.
bool is_machine_level(const Tree& tree, const Node& node);

/// Whether `node` signals the supervisor external interrupt of a hart.
bool is_supervisor_level(const Tree& tree, const Node& node);

}  // namespace mullion::partc
