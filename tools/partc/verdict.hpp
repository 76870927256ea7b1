// SPDX-License-Identifier: Apache-2.0
// Turns findings of core/check.hpp into messages at the places that broke the rules.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace mullion::partc {

void judge(const Model& model, Diagnostics& diagnostics);

}  // namespace mullion::partc
