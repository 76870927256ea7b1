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

/// Disabled ones, too: they are wired all the same.
void MachineParts::find(const Node& at) {
    if (ends_machine(at)) {
        add(at, at);
    }
    for (const auto& child : at.children) {
        find(*child);
    }
}

/// What is kept is no guest's anyway.
void MachineParts::add(const Node& node, const Node& switch_node) {
    if (node.parent != nullptr && !kept_as(board_, node) && switches_.emplace(&node, &switch_node).second) {
        open_.push_back(&node);
    }
}

/// What a part stands on leads to it as well: the syscon above a poweroff, the bus above a PMIC.
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
