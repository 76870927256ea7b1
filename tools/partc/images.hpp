// SPDX-License-Identifier: Apache-2.0
// The files that a guest starts from: found, read, and put into its memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "read.hpp"

namespace mullion::partc {

struct ImageOptions {
    Source source;       ///< of the description
    std::string beside;  ///< its folder
    std::string folder;  ///< where images are that are not beside it
    std::string output;  ///< where the guests' trees go
    /// "kernel" or "ramdisk", for one guest as "alpha.kernel", to the file to use instead.
    std::map<std::string, std::string> instead;
};

/// Loads kernel, ramdisk and tree of every guest; guests with a mistake are removed. The files that were read.
std::vector<std::string> load_images(const Tree& tree, Model& model, const ImageOptions& options,
                                     Diagnostics& diagnostics);

}  // namespace mullion::partc
