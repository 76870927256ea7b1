// SPDX-License-Identifier: Apache-2.0
// A flattened tree as text that does not depend on the version of dtc.
#pragma once

#include <string>

namespace mullion::partc {

/// One line a node and property, in the order of the tree; values as text where they are, else in hex.
std::string dump(const std::string& blob);

}  // namespace mullion::partc
