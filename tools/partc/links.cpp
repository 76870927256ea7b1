// SPDX-License-Identifier: Apache-2.0
#include "links.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "interrupts.hpp"
#include "phandles.hpp"

namespace mullion::partc {
namespace {

/// Returns whether the property's strings are descriptions or names, and no paths.
bool is_words(std::string_view property) {
    constexpr std::array<std::string_view, 6> words{"bootargs", "compatible", "device_type",
                                                    "label",    "model",      "status"};
    return std::ranges::find(words, property) != words.end() || property.ends_with("name") ||
           property.ends_with("names");
}

/// Returns the nodes whose path or alias is a string in `property`, with or without options after a colon (devicetree
/// specification 3.6).
std::vector<const Node*> named_by(const Tree& tree, const Property& property) {
    std::vector<const Node*> nodes;
    const auto strings = is_words(property.name) ? std::nullopt : property.strings();
    for (const auto& string : strings.value_or(std::vector<std::string>{})) {
        const auto* node = string.empty() ? nullptr : tree.by_path(string.substr(0, string.find(':')));
        if (node != nullptr) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

/// Returns the nodes whose phandles are among the cells of `property`.
std::vector<const Node*> numbered_by(const Tree& tree, const Property& property) {
    std::vector<const Node*> nodes;
    const auto cells = is_vendors(property.name) ? property.cells() : std::nullopt;
    for (const auto cell : cells.value_or(std::vector<std::uint32_t>{})) {
        const auto* node = tree.by_phandle(cell);
        if (node != nullptr && node->has_number) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

}  // namespace

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

bool is_need(const Use& use) {
    const std::string_view name = use.property->name;
    return !name.starts_with("interrupt") && !name.starts_with("msi-") && name != "remote-endpoint";
}

std::vector<const Node*> listed_in(const Tree& tree, const Node& node, std::string_view property) {
    const auto* list = node.find(property);
    const auto cells = list == nullptr ? std::nullopt : list->cells();
    std::vector<const Node*> nodes;
    for (const auto cell : cells.value_or(std::vector<std::uint32_t>{})) {
        if (const auto* target = tree.by_phandle(cell)) {
            nodes.push_back(target);
        }
    }
    return nodes;
}

std::vector<Use> uses_of(const Tree& tree, const Node& node) {
    std::vector<Use> uses;
    const auto add = [&](const Property& property, const Node* target) {
        if (target != nullptr) {
            uses.push_back({&property, target});
        }
    };
    for (const auto& property : node.properties) {
        // A node's own phandle is no reference, and its interrupt-parent counts only with `interrupts`.
        if (property.name == "interrupt-parent" || property.name.ends_with("phandle")) {
            continue;
        }
        for (const auto& nodes : {named_by(tree, property), numbered_by(tree, property)}) {
            std::ranges::for_each(nodes, [&](const Node* target) { add(property, target); });
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
