// SPDX-License-Identifier: Apache-2.0
// Finds the nodes of the board's tree that Mullion or the firmware keeps: those with a part of what core/kept.hpp
// lists.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/kept.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns Board::kept: controllers and timers that Mullion does not drive. Requires: the rest of `board` was read.
std::vector<Kept> read_kept(const Tree& tree, const BoardModel& board);

/// Returns, in words that follow its name, why a node of the kind is no guest's.
std::string_view kept_text(Kept::Kind kind);

/// The rows of a board's list, worked out once.
class KeptParts {
 public:
    explicit KeptParts(const BoardModel& board);

    /// Returns as what the node is kept, nothing if it is not.
    std::optional<Kept::Kind> as(const Node& node) const;

 private:
    std::vector<Kept> rows_;
};

}  // namespace mullion::partc
