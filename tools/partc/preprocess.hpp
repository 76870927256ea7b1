// SPDX-License-Identifier: Apache-2.0
// A source through cpp and dtc, with what they say of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "positions.hpp"
#include "read.hpp"

namespace mullion::partc {

struct Preprocessed {
    std::string text;
    std::vector<std::string> files;  ///< that cpp opened, in order
};

/// Nothing when cpp found a mistake; it is then in `diagnostics`.
std::optional<Preprocessed> preprocess(const Source& source, Diagnostics& diagnostics);

/// What `dtc OPTIONS -I dts -O dtb` makes of the text; nothing when it found a mistake.
std::optional<std::string> compile(const std::string& text, const std::vector<std::string>& options,
                                   const Source& source, Diagnostics& diagnostics);

/// Positions and labels.
Annotations annotate(const std::string& text);

}  // namespace mullion::partc
