// SPDX-License-Identifier: Apache-2.0
// Which cells of a property refer to other nodes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

struct Reference {
    std::size_t cell = 0;  ///< the phandle's place among the property's cells
    const Node* target = nullptr;
    std::size_t arguments = 0;  ///< cells behind it that belong to it
};

/// Returns whether a vendor defines the property: what its cells are nobody here knows.
bool is_vendors(std::string_view property);

/// Returns whether a property of that name in `node` is nothing but references and what belongs to them.
bool is_reference_list(const Node& node, std::string_view property);

/// The references in `property` of `node`, in order, without entries that are left out, by its name and the
/// `#...-cells` of what it refers to (devicetree specification 2.4 and Linux's bindings). Nothing where the name is not
/// one of those, or where the cells cannot be divided so or lead nowhere.
std::optional<std::vector<Reference>> references_of(const Tree& tree, const Node& node, const Property& property);

}  // namespace mullion::partc
