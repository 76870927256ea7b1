// SPDX-License-Identifier: Apache-2.0
// Reads the board's own nodes: harts, memory and the controllers that Mullion drives, found by the labels that
// docs/bindings/README.md defines.
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

/// Reads the board; returns nothing after mistakes. `name` is the platform's, `load_address` where its boot loader puts
/// the image.
std::optional<BoardModel> read_board(const Tree& tree, const std::string& name, Hpa load_address,
                                     Diagnostics& diagnostics);

/// PLICs that have exactly the registers of riscv-plic-spec.
inline constexpr std::array<std::string_view, 2> known_plics{"sifive,plic-1.0.0", "riscv,plic0"};

/// Returns, in words, what Mullion needs and a hart's node does not declare. `extensions` replace riscv,isa-extensions
/// if the node has none. `has_imsic` says whether the board has an IMSIC.
std::vector<std::string> lacks_of(const Node& hart, const std::vector<std::string>& extensions, bool has_imsic);

}  // namespace mullion::partc
