// SPDX-License-Identifier: Apache-2.0
// Which nodes of the board's tree stay Mullion's or the firmware's: those that have a part of what core/kept.hpp lists.
#pragma once

#include <optional>
#include <vector>

#include "core/kept.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Board::kept of a board whose own parts are read: the controllers and timers that Mullion does not drive.
std::vector<Kept> read_kept(const Tree& tree, const BoardModel& board);

/// What the node is kept as; nothing where it is not kept.
std::optional<Kept::Kind> kept_as(const BoardModel& board, const Node& node);

}  // namespace mullion::partc
