// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text.hpp"

namespace mullion::partc {
namespace {

/// dtc adds this property to nodes that something refers to.
constexpr std::string_view added_by_dtc = "phandle";

}  // namespace

void check_properties(const Node& node, const std::string& in, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
    for (const auto& property : node.properties) {
        if (property.name != added_by_dtc &&
            std::ranges::find(vocabulary.properties, property.name) == vocabulary.properties.end()) {
            diagnostics.error(property.at, fmt::format("{}unknown property '{}'{}", in, property.name,
                                                       did_you_mean(property.name, vocabulary.properties)));
        }
    }
}

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
