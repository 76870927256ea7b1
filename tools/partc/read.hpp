// SPDX-License-Identifier: Apache-2.0
// Reads a description from disk into a tree by cpp, dtc, and dtc once more for positions.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "tree.hpp"

namespace mullion::partc {

struct SourceFile {
    std::string file;
    std::vector<std::string> include_folders;
};

struct ParsedSource {
    Tree tree;
    std::vector<std::string> files;  ///< all that were read, the description first
};

/// Reads; returns nothing if cpp or dtc found a mistake, which is then in `diagnostics`.
std::optional<ParsedSource> read(const SourceFile& source, Diagnostics& diagnostics);

}  // namespace mullion::partc
