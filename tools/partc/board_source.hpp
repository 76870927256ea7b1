// SPDX-License-Identifier: Apache-2.0
// Writes a board file (platform.dtsi) as text.
#pragma once

#include <string>

#include "host_board.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns the part of `tree` that `board` keeps, with its labels. `origin` names the tree's file ("host.dtb").
std::string board_source(const Tree& tree, const HostBoard& board, const std::string& origin);

}  // namespace mullion::partc
