// SPDX-License-Identifier: Apache-2.0
// Finds phandles in properties' values.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

struct Link {
    std::size_t offset = 0;  ///< of the phandle in the property's value, in bytes
    const Node* target = nullptr;
};

/// Returns what `property` of `node` refers to. References written as `&label` in the source are known exactly,
/// whatever the property's name is. In a tree with numeric phandles they are found by the rules of phandles.hpp;
/// properties without such a rule then refer to nothing. The error says that the property is malformed.
std::expected<std::vector<Link>, std::string> links_of(const Tree& tree, const Node& node, const Property& property);

/// A reference from one node to another.
struct Use {
    const Property* property = nullptr;  ///< `interrupts` for a reference to the interrupt controller
    const Node* target = nullptr;
};

/// Returns whether the target's owner could deny it to the node, or act in its place: by lines and pins, power, clocks
/// and resets, registers, mailboxes. False if one only informs the other, or both share data.
bool is_need(const Use& use);

/// Returns the nodes in a list of bare references, such as a partition's `cpus`. Ignores anything else, which is
/// reported where the partition is read.
std::vector<const Node*> listed_in(const Tree& tree, const Node& node, std::string_view property);

/// Returns everything that `node` refers to, or may refer to: by phandle, by a node's path (`&label` outside of cells
/// in a source) or alias, in vendors' properties by any cell that equals a phandle; and the controller of its
/// interrupts. A malformed list of references counts as one to each node whose phandle is in it.
std::vector<Use> uses_of(const Tree& tree, const Node& node);

}  // namespace mullion::partc
