// SPDX-License-Identifier: Apache-2.0
// The law's findings about a board (core/check_board.hpp) in words.
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

/// Of a finding that carries no guest.
BoardVerdict board_verdict(const Model& model, const Finding& finding);

}  // namespace mullion::partc
