// SPDX-License-Identifier: Apache-2.0
// Runs cpp and dtc on a source, and passes on their messages.
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
    std::vector<std::string> files;  ///< opened by cpp, in order
};

/// Runs cpp; returns nothing if it found a mistake, which is then in `diagnostics`.
std::optional<Preprocessed> preprocess(const SourceFile& source, Diagnostics& diagnostics);

/// Runs `dtc OPTIONS -I dts -O dtb`; returns the blob, nothing if dtc found a mistake.
std::optional<std::string> compile(const std::string& text, const std::vector<std::string>& options,
                                   const SourceFile& source, Diagnostics& diagnostics);

/// Returns positions and labels.
Annotations annotate(const std::string& text);

}  // namespace mullion::partc
