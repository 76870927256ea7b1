// SPDX-License-Identifier: Apache-2.0
// Writes a property as a line of a source: its value as strings, cells with labels for references, or bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

/// Return whether a source can have a property or a node of that name (devicetree specification 2.2.4 and 2.2.1).
bool is_property_name(std::string_view name);
bool is_node_name(std::string_view name);

/// Writes ranges: "reg = <0x0 0x80000000 0x0 0x1000>;".
std::string range_text(std::string_view name, const std::vector<HostRange>& ranges, CellSizes cells);

/// Writes a property: "interrupts-extended = <&cpu0_intc 9>, <&cpu1_intc 9>;". Breaks it if it is too long for a line
/// that starts at `column`. Requires: every node that it refers to has a label.
std::string property_text(const Tree& tree, const Node& node, const Property& property,
                          const std::map<const Node*, std::string>& labels, std::size_t column);

}  // namespace mullion::partc
