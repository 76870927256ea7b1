// SPDX-License-Identifier: Apache-2.0
#include "links.hpp"

#include "interrupts.hpp"
#include "phandles.hpp"

namespace mullion::partc {

std::expected<std::vector<Link>, std::string> links_of(const Tree& tree, const Node& node, const Property& property) {
    std::vector<Link> links;
    for (const auto offset : property.references) {
        links.push_back({offset, tree.by_phandle(property.cell_at(offset))});
    }
    if (!links.empty() || !is_reference_list(node, property.name)) {
        return links;
    }
    const auto references = references_of(tree, node, property);
    if (!references) {
        return std::unexpected{"is no list of references: a phandle is no node's, or cells are missing"};
    }
    for (const auto& reference : *references) {
        links.push_back({reference.cell * sizeof(std::uint32_t), reference.target});
    }
    return links;
}

std::vector<Use> uses_of(const Tree& tree, const Node& node) {
    std::vector<Use> uses;
    const auto add = [&](const Property& property, const Node* target) {
        if (target != nullptr) {
            uses.push_back({&property, target});
        }
    };
    for (const auto& property : node.properties) {
        // A node's own number is no reference, and its interrupt-parent counts where there are `interrupts`.
        if (property.name == "interrupt-parent" || property.name.ends_with("phandle")) {
            continue;
        }
        if (const auto links = links_of(tree, node, property)) {
            for (const auto& link : *links) {
                add(property, link.target);
            }
        } else {
            for (const auto cell : property.cells().value_or(std::vector<std::uint32_t>{})) {
                add(property, tree.by_phandle(cell));
            }
        }
    }
    if (uses_interrupt_parent(node)) {
        add(*node.find("interrupts"), interrupt_parent(tree, node));
    }
    return uses;
}

}  // namespace mullion::partc
