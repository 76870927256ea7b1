// SPDX-License-Identifier: Apache-2.0
// Which of a machine's interrupt controllers and timers are the machine level's, and so the firmware's.
#pragma once

#include <cstdint>
#include <optional>

#include "tree.hpp"

namespace mullion::partc {

inline constexpr std::uint32_t supervisor_external = 9;     ///< privileged manual, sip.SEIP
inline constexpr std::uint32_t no_interrupt = 0xffff'ffff;  ///< of a PLIC's context that nobody may use, by its binding

/// Which entry of the `interrupts-extended` of a controller is the supervisor external interrupt of `hart`: the number
/// of the hart's context in a PLIC, of its files in an IMSIC.
std::optional<std::uint32_t> position_of(const Tree& tree, const Node& controller, const Node& hart);

/// Returns whether `node` interrupts harts at machine level only (CLINT, ACLINT, the M-level IMSIC, an APLIC domain
/// that delivers to it). What interrupts no hart itself is not.
bool is_machine_level(const Tree& tree, const Node& node);

/// Returns whether `node` signals the supervisor external interrupt of a hart.
bool is_supervisor_level(const Tree& tree, const Node& node);

}  // namespace mullion::partc
