// SPDX-License-Identifier: Apache-2.0
// Prints a flattened tree as text, independently of the version of dtc.
#pragma once

#include <string>

namespace mullion::partc {

/// Returns one line for each node and property, in the order of the tree, with values as text if they are text, else in
/// hex.
std::string dump(const std::string& blob);

}  // namespace mullion::partc
