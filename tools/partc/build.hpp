// SPDX-License-Identifier: Apache-2.0
// `partc build`: from a description to the files of its output folder.
#pragma once

#include "describe.hpp"
#include "output.hpp"

namespace mullion::partc {

/// The files, not yet written.
Output output_of(const Options& options, const Described& described);

/// Nothing is written unless all is well.
Result build(const Options& options);

}  // namespace mullion::partc
