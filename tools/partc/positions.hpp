// SPDX-License-Identifier: Apache-2.0
// Positions as cpp and dtc write them, and what `dtc -I dts -O dts -T -T` tells beyond the blob: labels, and where each
// node and property stands.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"

namespace mullion::partc {

struct Annotation {
    Position at;
    std::vector<std::string> labels;
};

/// Keys are paths: "/soc/serial@10000000" for a node, "/soc/serial@10000000:reg" for a property.
using Annotations = std::map<std::string, Annotation, std::less<>>;

struct PositionedText {
    Position at;
    std::string_view rest;  ///< behind line, column and what else is of the position
};

/// Takes "FILE:LINE" with columns in any of cpp's and dtc's forms off the front: "a.dts:4:3-5:9", "a.dts:4.3-9: ".
std::optional<PositionedText> take_position(std::string_view text);

/// cpp's `# 12 "a.dts" 1`: where the line behind it is from.
std::optional<Position> parse_line_marker(std::string_view line);

Annotations parse_annotations(std::string_view dts);

}  // namespace mullion::partc
