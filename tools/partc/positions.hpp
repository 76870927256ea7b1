// SPDX-License-Identifier: Apache-2.0
// What `dtc -I dts -O dts -T -T` tells beyond the blob: labels, and where each node and property stands.
#pragma once

#include <map>
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

Annotations parse_annotations(std::string_view dts);

}  // namespace mullion::partc
