// SPDX-License-Identifier: Apache-2.0
// From a description on disk to a tree: cpp, dtc, and dtc once more for the positions.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "tree.hpp"

namespace mullion::partc {

struct Source {
    std::string file;
    std::vector<std::string> include_folders;
};

struct ParsedSource {
    Tree tree;
    std::vector<std::string> files;  ///< all that was read, the description first
};

/// Nothing when cpp or dtc found a mistake; it is then in `diagnostics`.
std::optional<ParsedSource> read(const Source& source, Diagnostics& diagnostics);

}  // namespace mullion::partc
