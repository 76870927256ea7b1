// SPDX-License-Identifier: Apache-2.0
// References to labels that no node has. dtc knows of them too, but names the node and not the line.
#pragma once

#include <string>

#include "diagnostics.hpp"

namespace mullion::partc {

/// Tells of each `&label` in a source, as cpp leaves it, that is nowhere a label, or of what is in it of other files.
/// Whether the source has all that it needs to be read.
bool check_labels(const std::string& preprocessed, Diagnostics& diagnostics);

}  // namespace mullion::partc
