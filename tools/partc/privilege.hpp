// SPDX-License-Identifier: Apache-2.0
// Finds out which interrupt controllers and timers belong to the machine level, and so to the firmware.
#pragma once

#include <cstdint>
#include <optional>

#include "tree.hpp"

namespace mullion::partc {

inline constexpr std::uint32_t supervisor_external = 9;     ///< privileged manual, sip.SEIP
inline constexpr std::uint32_t no_interrupt = 0xffff'ffff;  ///< for a PLIC's missing context, by its binding

/// Returns the index in `interrupts-extended` of a controller of the supervisor external interrupt of `hart`: the
/// hart's context in a PLIC, or its hart index in an IMSIC. Nothing if it is not there.
std::optional<std::uint32_t> position_of(const Tree& tree, const Node& controller, const Node& hart);

/// Returns whether `node` interrupts harts only at machine level (CLINT, ACLINT, machine-level IMSIC, an APLIC domain
/// that delivers to it). False if it interrupts no hart itself.
bool is_machine_level(const Tree& tree, const Node& node);

/// Returns whether `node` signals the supervisor external interrupt of a hart.
bool is_supervisor_level(const Tree& tree, const Node& node);

}  // namespace mullion::partc
