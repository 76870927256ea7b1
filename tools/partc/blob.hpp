// SPDX-License-Identifier: Apache-2.0
// Reads a flattened device tree (devicetree specification, chapter 5).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "positions.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// The most levels of nodes; real trees have fewer than ten.
inline constexpr int max_tree_depth = 64;

/// Reads a tree from bytes, which may be anything. Positions and labels come from `annotations`, labels also from
/// /__symbols__, which dtc -@ writes. The error says what is wrong with the bytes ("is no flattened device tree
/// (FDT_ERR_BADMAGIC)").
std::expected<Tree, std::string> read_blob(std::string_view blob, const Annotations& annotations = {});

}  // namespace mullion::partc
