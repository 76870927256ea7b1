// SPDX-License-Identifier: Apache-2.0
// Explains findings about a board (core/check_board.hpp) in words.
#pragma once

#include <string>

#include "core/finding.hpp"
#include "diagnostics.hpp"
#include "model.hpp"

namespace mullion::partc {

struct BoardVerdict {
    Position at;
    std::string text;
};

/// Explains a finding. Requires: its guest is Finding::board.
BoardVerdict board_verdict(const Model& model, const Finding& finding);

}  // namespace mullion::partc
