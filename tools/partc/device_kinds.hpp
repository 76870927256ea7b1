// SPDX-License-Identifier: Apache-2.0
// Decides from a node's names what it is. A fallback name alone is never enough, as it only says how the device can be
// driven.
#pragma once

#include <optional>
#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns as what an interrupt controller or timer of harts, at any privilege level, or an IOMMU is kept; nothing for
/// other nodes, such as a GPIO controller, which is a device.
std::optional<Kept::Kind> controller_kind(const Node& node);

/// Returns whether `node`, which is `device` or below it, may do DMA: it is not known not to.
bool may_master(const Node& node, const Node& device);

/// Returns the property by which the node, or a bus above it, says whether its DMA is coherent; null if none does.
const Property* coherence_of(const Node& node);

/// Returns whether `node` is on a serial bus and is not known to have no effect on the board.
bool is_open_client(const Node& node);

/// Returns whether `node`, or what it is a part of, is known to affect only who has it.
bool is_end_of_the_line(const Node& node);

/// Returns whether `node` can switch off, reset or halt the machine, in any form that Linux's bindings have:
/// power/reset, PMICs, watchdogs, controllers of RAM, caches and debuggers.
bool ends_machine(const Node& node);

/// Returns the node and its parts: nodes below without `reg`, such as groups of pins or regulators.
std::vector<const Node*> parts_of(const Node& node);

/// Returns whether a node only contains others: /soc, /clocks, /reserved-memory.
bool is_container(const Node& node);

}  // namespace mullion::partc
