// SPDX-License-Identifier: Apache-2.0
// Implements `partc build`: compiles a description to the files of its output folder.
#pragma once

#include "describe.hpp"
#include "output.hpp"

namespace mullion::partc {

/// Returns the files, not yet written.
Output output_of(const Options& options, const Described& described);

/// Builds. Writes nothing if there is a mistake.
Result build(const Options& options);

}  // namespace mullion::partc
