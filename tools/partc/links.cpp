// SPDX-License-Identifier: Apache-2.0
#include "links.hpp"

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

}  // namespace mullion::partc
