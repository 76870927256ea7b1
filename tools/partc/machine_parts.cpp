// SPDX-License-Identifier: Apache-2.0
#include "machine_parts.hpp"

#include "device_kinds.hpp"
#include "kept.hpp"
#include "links.hpp"

namespace mullion::partc {
MachineParts::MachineParts(const Tree& tree, const BoardModel& board) : tree_(tree), board_(board) {
    for (const auto& node : tree.root().children) {
        if (node->name != "partitions") {
            find(*node);
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

/// Finds nodes that end the machine, including disabled ones, which are wired nevertheless.
void MachineParts::find(const Node& at) {
    if (ends_machine(at)) {
        add(at, at);
    }
    for (const auto& child : at.children) {
        find(*child);
    }
}

/// Adds a part, unless it is kept, which no guest can have anyway.
void MachineParts::add(const Node& node, const Node& switch_node) {
    if (node.parent != nullptr && !kept_as(board_, node) && switches_.emplace(&node, &switch_node).second) {
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
