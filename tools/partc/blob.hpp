// SPDX-License-Identifier: Apache-2.0
// From a flattened device tree (devicetree specification, chapter 5) to a tree.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "positions.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Nodes below nodes; real trees have fewer than ten levels.
inline constexpr int max_tree_depth = 64;

/// Of bytes from anywhere. Positions and labels are those of `annotations`; labels are also what /__symbols__ says, as
/// dtc -@ writes it. The error is what is wrong with the bytes ("is no flattened device tree (FDT_ERR_BADMAGIC)").
std::expected<Tree, std::string> read_blob(std::string_view blob, const Annotations& annotations = {});

}  // namespace mullion::partc
