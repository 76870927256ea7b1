// SPDX-License-Identifier: Apache-2.0
// Reads the interrupts of a node.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "core/aplic_registers.hpp"
#include "tree.hpp"

namespace mullion::partc {

struct Interrupt {
    std::uint32_t source = 0;
    std::uint32_t type = 0;  ///< as in dt-bindings/interrupt-controller/irq.h; 0 at a PLIC, which has no types
};

/// Returns the source mode for a type; high level if the type is none.
SourceMode mode_of(const Interrupt& interrupt);

/// Cells of an interrupt: its source, and for an APLIC its type.
inline constexpr std::uint32_t aplic_cells = 2;
inline constexpr std::uint32_t plic_cells = 1;

/// Returns the controller of the node's `interrupts` (devicetree specification 2.4.1): the nearest `interrupt-parent`,
/// or the nearest interrupt controller above.
const Node* interrupt_parent(const Tree& tree, const Node& node);

/// Returns whether the node's `interrupts` count; with `interrupts-extended` they do not (2.4.1).
bool uses_interrupt_parent(const Node& node);

/// Returns the interrupts of `node` that go to `controller`, the board's APLIC or PLIC, from `interrupts` and
/// `interrupts-extended`. The error says which property is malformed.
std::expected<std::vector<Interrupt>, std::string> interrupts_of(const Tree& tree, const Node& node,
                                                                 const Node& controller);

}  // namespace mullion::partc
