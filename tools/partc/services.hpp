// SPDX-License-Identifier: Apache-2.0
// Reads which of the optional services (core/services.hpp) an image has, and what follows for guests.
#pragma once

#include "core/services.hpp"
#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Reads `services`: which of the optional services the image has.
Services read_services(const Property& property, Diagnostics& diagnostics);

/// Removes extensions from the harts that guests could use only by SBI calls which the image does not have.
void leave_out_features(Model& model);

}  // namespace mullion::partc
