// SPDX-License-Identifier: Apache-2.0
// What a node's words say about what it is: never by a fallback alone, as that says no more than how it can be driven.
#pragma once

#include <optional>
#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What a controller or a timer of the machine, of whichever level, is kept as; nothing for another node: a GPIO
/// controller, for instance, is a device.
std::optional<Kept::Kind> controller_kind(const Node& node);

/// Returns whether `node`, which is `device` or below it, may master the bus: it is none of those that are known not
/// to.
bool may_master(const Node& node, const Node& device);

/// Returns whether `node` stands on a serial bus and is none of the chips that are known to do nothing to the board.
bool is_open_client(const Node& node);

/// Returns whether `node`, or what it is a part of, is known to be of use to nobody but who has it.
bool is_end_of_the_line(const Node& node);

/// Returns whether the machine is switched off, reset or halted by `node`, in any of the forms of Linux's bindings:
/// power/reset, PMICs, watchdogs, what RAM, caches and debuggers are controlled by.
bool ends_machine(const Node& node);

/// The node and, below it, what has no `reg` and so is a part of it: groups of pins, regulators.
std::vector<const Node*> parts_of(const Node& node);

/// A node that only holds others: /soc, /clocks, /reserved-memory.
bool is_container(const Node& node);

}  // namespace mullion::partc
