// SPDX-License-Identifier: Apache-2.0
// Parses positions that cpp and dtc write, and the output of `dtc -I dts -O dts -T -T`, which has labels and positions
// of nodes and properties that a blob lacks.
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

/// Annotations by path: "/soc/serial@10000000" for a node, "/soc/serial@10000000:reg" for a property.
using Annotations = std::map<std::string, Annotation, std::less<>>;

struct PositionedText {
    Position at;
    std::string_view rest;  ///< the text after the position
};

/// Splits a position, in any form of cpp and dtc, from the front: "a.dts:4:3-5:9", "a.dts:4.3-9: ".
std::optional<PositionedText> take_position(std::string_view text);

/// Parses cpp's `# 12 "a.dts" 1`, the position of the next line.
std::optional<Position> parse_line_marker(std::string_view line);

Annotations parse_annotations(std::string_view dts);

}  // namespace mullion::partc
