// SPDX-License-Identifier: Apache-2.0
// Lists the consoles that Mullion drives, by `compatible`.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

struct DrivenConsole {
    std::string_view compatible;
    Board::Console::Kind kind;
    std::string_view code;  ///< its enumerator
};

inline constexpr std::array<DrivenConsole, 4> driven_consoles{{
    {"ns16550a", Board::Console::Kind::ns16550, "ns16550"},
    {"ns16550", Board::Console::Kind::ns16550, "ns16550"},
    {"snps,dw-apb-uart", Board::Console::Kind::dw_apb, "dw_apb"},
    {"intel,xscale-uart", Board::Console::Kind::xscale, "xscale"},
}};

/// Returns the driver for a node, by the first of its names that has one; nothing if none has.
inline std::optional<Board::Console::Kind> console_kind(const Node& node) {
    const auto* property = node.find("compatible");
    const auto names = property == nullptr ? std::nullopt : property->strings();
    for (const auto& name : names.value_or(std::vector<std::string>{})) {
        const auto* driven = std::ranges::find(driven_consoles, name, &DrivenConsole::compatible);
        if (driven != driven_consoles.end()) {
            return driven->kind;
        }
    }
    return std::nullopt;
}

}  // namespace mullion::partc
