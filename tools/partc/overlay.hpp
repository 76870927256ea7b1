// SPDX-License-Identifier: Apache-2.0
// Applies a guest's own changes to its tree: an overlay (.dtso) beside the description.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "read.hpp"

namespace mullion::partc {

/// Returns the property that names the overlay, null if the guest has none.
const Property* overlay_of(const GuestModel& guest);

struct Overlaid {
    std::string tree;                ///< without symbols
    std::vector<std::string> files;  ///< all that were read
};

/// Applies the overlay of `guest` to `tree`, which has symbols. `source` says how the description was read. Returns
/// nothing if there is a mistake, which is then in `diagnostics`, at the overlay's line if dtc gives one. An overlay
/// must not change what docs/bindings/guest-trees.md promises.
std::optional<Overlaid> apply_overlay(const std::string& tree, const GuestModel& guest, const SourceFile& source,
                                      Diagnostics& diagnostics);

}  // namespace mullion::partc
