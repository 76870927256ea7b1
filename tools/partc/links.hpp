// SPDX-License-Identifier: Apache-2.0
// Where in a property's value the phandles are, whoever wrote it.
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

/// What `property` of `node` refers to. Where the source writes `&label` that is known exactly, whatever the property
/// is called. A tree with phandles in numbers is read by the rules of phandles.hpp; what follows none of them then
/// refers to nothing. The error says that the property is malformed.
std::expected<std::vector<Link>, std::string> links_of(const Tree& tree, const Node& node, const Property& property);

/// One node needs another.
struct Use {
    const Property* property = nullptr;  ///< `interrupts` where it is for its interrupt controller
    const Node* target = nullptr;
};

/// Returns whether who has the target could keep it from the node, or act in the node's place: over its lines and pins,
/// power, clocks and resets, registers, mailboxes. Not where one only tells the other, or both have data in common.
bool is_need(const Use& use);

/// The nodes that a list of bare references names, as a partition's `cpus` does. What is no such list, or no reference,
/// is told of where the partition is read, and is left out here.
std::vector<const Node*> listed_in(const Tree& tree, const Node& node, std::string_view property);

/// All that `node` refers to, or may refer to, and the controller of its interrupts: by phandle, by the path of a node
/// (a source's `&label` beside cells) or its alias, and, in properties of vendors, by a number that a node's phandle is
/// given as. A malformed list of references counts as one to each node whose phandle is in it.
std::vector<Use> uses_of(const Tree& tree, const Node& node);

}  // namespace mullion::partc
