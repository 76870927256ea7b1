// SPDX-License-Identifier: Apache-2.0
// Where in a property's value the phandles are, whoever wrote it.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
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

/// All that `node` refers to, and the controller of its interrupts. A malformed list of references counts as one to
/// each node whose phandle is in it.
std::vector<Use> uses_of(const Tree& tree, const Node& node);

}  // namespace mullion::partc
