// SPDX-License-Identifier: Apache-2.0
// The board's own nodes: harts, memory and the controllers that Mullion drives, found by the labels of the contract.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// `name` is the platform's, `load_address` where its boot loader puts the image.
std::optional<BoardModel> read_board(const Tree& tree, const std::string& name, Hpa load_address,
                                     Diagnostics& diagnostics);

/// PLICs whose registers are as riscv-plic-spec has them, and no others.
inline constexpr std::array<std::string_view, 2> known_plics{"sifive,plic-1.0.0", "riscv,plic0"};

/// What a hart's node does not declare and Mullion cannot do without, in words; `extensions` stand for
/// riscv,isa-extensions where the node has none. `has_imsic`: of the board.
std::vector<std::string> lacks_of(const Node& hart, const std::vector<std::string>& extensions, bool has_imsic);

}  // namespace mullion::partc
