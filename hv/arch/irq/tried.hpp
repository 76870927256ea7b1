// SPDX-License-Identifier: Apache-2.0
// What a controller is tried for at boot, whatever its kind, and what is said where it fails.
#pragma once

#include <optional>
#include <string_view>

#include "core/description.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"

namespace mullion::arch::irq {

inline Text missing(std::string_view what, Hpa at) {
    Text line;
    (line << "no " << what << " at ").hex(at.value) << ", where the board file has it";
    return line;
}

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
