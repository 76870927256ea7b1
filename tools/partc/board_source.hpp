// SPDX-License-Identifier: Apache-2.0
// A board file (platform.dtsi) as text.
#pragma once

#include <string>

#include "host_board.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What `board` keeps of `tree`, with its labels. `origin` says where the tree is from ("host.dtb").
std::string board_source(const Tree& tree, const HostBoard& board, const std::string& origin);

}  // namespace mullion::partc
