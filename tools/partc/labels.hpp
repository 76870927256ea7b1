// SPDX-License-Identifier: Apache-2.0
// Checks references to labels. dtc does so, too, but names only the node and not the line.
#pragma once

#include <string>

#include "diagnostics.hpp"

namespace mullion::partc {

/// Reports each `&label` in a preprocessed source that is no label, and each /include/. Returns whether there is none.
bool check_labels(const std::string& preprocessed, Diagnostics& diagnostics);

}  // namespace mullion::partc
