// SPDX-License-Identifier: Apache-2.0
// Reads the node of the supervisor-level IMSIC (Linux: interrupt-controller/riscv,imsics.yaml): where each hart's
// interrupt files are.
#pragma once

#include <cstdint>
#include <vector>

#include "core/description.hpp"
#include "diagnostics.hpp"
#include "tree.hpp"

namespace mullion::partc {

struct ImsicNode {
    Imsic imsic;
    std::vector<std::uint32_t> indices;  ///< Hart::imsic_index of each hart
};

/// Reads the IMSIC of the harts with these nodes. After mistakes, which are in `diagnostics`, `indices` is empty or
/// wrong.
ImsicNode read_imsic(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                     Diagnostics& diagnostics);

}  // namespace mullion::partc
