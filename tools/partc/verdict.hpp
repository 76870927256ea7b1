// SPDX-License-Identifier: Apache-2.0
// The law's findings (core/check.hpp) as messages at the place that broke it.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace mullion::partc {

void judge(const Model& model, Diagnostics& diagnostics);

}  // namespace mullion::partc
