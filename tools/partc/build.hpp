// SPDX-License-Identifier: Apache-2.0
// `partc build`: from a description to the files of its output folder.
#pragma once

#include "describe.hpp"

namespace mullion::partc {

/// Nothing is written unless all is well.
Result build(const Options& options);

}  // namespace mullion::partc
