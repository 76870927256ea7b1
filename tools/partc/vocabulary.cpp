// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.hpp"

#include <fmt/format.h>

namespace mullion::partc {

std::string vocabulary() {
    std::string text;
    for (const auto& kind : words::all) {
        text += fmt::format("{}:", kind.node);
        for (const auto property : kind.properties) {
            text += fmt::format(" {}", property);
        }
        for (const auto node : kind.nodes) {
            text += fmt::format(" {}{{}}", node);
        }
        text += '\n';
    }
    return text;
}

}  // namespace mullion::partc
