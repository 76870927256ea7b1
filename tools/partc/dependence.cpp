// SPDX-License-Identifier: Apache-2.0
#include "dependence.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "device_kinds.hpp"
#include "links.hpp"

namespace mullion::partc {

Dependence::Dependence(const Tree& tree, const KeptParts& kept) : tree_(tree), cpus_(tree.root().child("cpus")) {
    const auto* partitions = tree.root().child("partitions");
    // What is kept of the machine, its memory, and what the firmware was told of (its console).
    const auto follow_own = [&](const Node& node) {
        const bool is_told = node.name == "chosen" && node.parent == &tree.root();
        if (kept.as(node) || controller_kind(node) || node.is_type("memory") || is_told) {
            follow(node, nullptr);
        }
    };
    for (const auto& node : tree.root().children) {
        if (node.get() != partitions && node.get() != cpus_) {
            walk(*node, follow_own);
        }
    }
    for (std::size_t i = 0; partitions != nullptr && i < partitions->children.size(); ++i) {
        const auto& partition = *partitions->children[i];
        for (const auto* hart : listed_in(tree, partition, "cpus")) {
            if (hart->is_type("cpu")) {
                follow(*hart, &partition);
            }
        }
    }
}

std::optional<Need> Dependence::on(const Node& node, const Node& partition) const {
    const auto it = needs_.find(&node);
    if (it == needs_.end()) {
        return std::nullopt;
    }
    const auto other = std::ranges::find_if(it->second, [&](const Need& need) { return need.partition != &partition; });
    return other == it->second.end() ? std::nullopt : std::optional{*other};
}

/// Goes through all that `by` needs, what that needs in turn, and the buses above each.
void Dependence::follow(const Node& by, const Node* partition) {
    std::set<const Node*> seen;
    std::vector<const Node*> open{&by};
    while (!open.empty()) {
        const auto& node = *open.back();
        open.pop_back();
        if (node.parent == nullptr || !seen.insert(&node).second) {
            continue;
        }
        open.push_back(node.parent);
        for (const auto& use : uses_of(tree_, node)) {
            // Harts are followed for themselves, each for its own guest; caches and states of theirs come along.
            const bool is_harts = cpus_ != nullptr && use.target->is_within(*cpus_) &&
                                  (partition == nullptr || use.target->is_type("cpu"));
            if (!is_harts) {
                const Need need{&by, partition, &node, use.property};
                for (const auto* at = use.target; at->parent != nullptr; at = at->parent) {
                    add(*at, need);
                }
                const auto parts = parts_of(*use.target);
                open.insert(open.end(), parts.begin(), parts.end());
            }
        }
        if (node.is_within(by)) {
            for (const auto& child : node.children) {
                open.push_back(child.get());
            }
        }
    }
}

void Dependence::add(const Node& node, const Need& need) {
    auto& needs = needs_[&node];
    const bool is_told = std::ranges::any_of(needs, [&](const Need& n) { return n.partition == need.partition; });
    if (!is_told && needs.size() < 2) {
        needs.push_back(need);
    }
}

}  // namespace mullion::partc
