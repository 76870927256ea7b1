// SPDX-License-Identifier: Apache-2.0
// Tries at boot whether a controller, whatever its kind, has what the description uses.
#pragma once

#include <optional>

#include "core/description.hpp"
#include "core/tables.hpp"

namespace mullion::arch::irq {

/// Returns the first source that the description uses, the console's or a guest's, and that `takes(source)` is false
/// for.
std::optional<Source> first_not_taken(auto takes) {
    const auto& console = description.board.console;
    if (const Source own{console.source, console.mode}; !takes(own)) {
        return own;
    }
    for (const auto& guest : description.guests) {
        for (const auto& source : guest.sources) {
            if (!takes(source)) {
                return source;
            }
        }
    }
    return std::nullopt;
}

}  // namespace mullion::arch::irq
