// SPDX-License-Identifier: Apache-2.0
// Finds and reads the files that a guest starts from, and places them in its memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "read.hpp"

namespace mullion::partc {

struct ImageOptions {
    SourceFile source;   ///< of the description
    std::string beside;  ///< the description's folder
    std::string folder;  ///< for images that are not beside the description
    std::string output;  ///< for the guests' trees
    /// Maps "kernel" or "ramdisk", for one guest "alpha.kernel", to the file to use instead.
    std::map<std::string, std::string> instead;
};

/// Loads kernel, ramdisk and tree of every guest, and removes guests with a mistake. Returns the files that were read.
std::vector<std::string> load_images(const Tree& tree, Model& model, const ImageOptions& options,
                                     Diagnostics& diagnostics);

}  // namespace mullion::partc
