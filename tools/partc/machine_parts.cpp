// SPDX-License-Identifier: Apache-2.0
#include "machine_parts.hpp"

#include "device_kinds.hpp"
#include "links.hpp"

namespace mullion::partc {

MachineParts::MachineParts(const Tree& tree, const KeptParts& kept) : tree_(tree), kept_(kept) {
    // Disabled nodes, too, which are wired nevertheless.
    const auto find = [&](const Node& node) {
        if (ends_machine(node)) {
            add(node, node);
        }
    };
    for (const auto& node : tree.root().children) {
        if (node->name != "partitions") {
            walk(*node, find);
        }
    }
    while (!open_.empty()) {
        const auto* node = open_.back();
        open_.pop_back();
        follow(*node, *switches_.at(node));
    }
}

const Node* MachineParts::ended_by(const Node& node) const {
    const auto it = switches_.find(&node);
    return it == switches_.end() ? nullptr : it->second;
}

/// Adds a part, unless it is kept, which no guest can have anyway.
void MachineParts::add(const Node& node, const Node& switch_node) {
    if (node.parent != nullptr && !kept_.as(node) && switches_.emplace(&node, &switch_node).second) {
        open_.push_back(&node);
    }
}

/// Adds what a part depends on: nodes that it refers to, and nodes above it, such as the syscon of a poweroff or the
/// bus of a PMIC.
void MachineParts::follow(const Node& node, const Node& switch_node) {
    for (const auto* part : parts_of(node)) {
        for (const auto& use : uses_of(tree_, *part)) {
            if (is_need(use)) {
                add(*use.target, switch_node);
            }
        }
    }
    const auto* above = node.parent;
    while (above != nullptr && is_container(*above)) {
        above = above->parent;
    }
    if (above != nullptr) {
        add(*above, switch_node);
    }
}

}  // namespace mullion::partc
