// SPDX-License-Identifier: Apache-2.0
// Finds the cells of a property that refer to other nodes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

struct Reference {
    std::size_t cell = 0;  ///< index of the phandle among the property's cells
    const Node* target = nullptr;
    std::size_t arguments = 0;  ///< number of cells after it that belong to it
};

/// Returns whether a vendor defines the property, so that the meaning of its cells is not known.
bool is_vendors(std::string_view property);

/// Returns whether a property of that name in `node` consists only of references and their arguments.
bool is_reference_list(const Node& node, std::string_view property);

/// Returns the references in `property` of `node`, in order, without empty entries, according to its name and the
/// `#...-cells` of the targets (devicetree specification 2.4 and Linux's bindings). Nothing if the name is not known,
/// the cells do not fit, or a phandle does not exist.
std::optional<std::vector<Reference>> references_of(const Tree& tree, const Node& node, const Property& property);

}  // namespace mullion::partc
