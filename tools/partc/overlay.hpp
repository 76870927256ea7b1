// SPDX-License-Identifier: Apache-2.0
// A guest's own changes to its tree: an overlay (.dtso) beside the description.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "read.hpp"

namespace mullion::partc {

/// The property that names it; nullptr when the guest has none.
const Property* overlay_of(const GuestModel& guest);

struct Overlaid {
    std::string tree;                ///< without symbols
    std::vector<std::string> files;  ///< that were read for it
};

/// `tree`, which has symbols, with the overlay of `guest` on it. `source` is how the description was read. Nothing when
/// there is a mistake; it is then in `diagnostics`, at the overlay's own line where dtc gives one. An overlay leaves
/// alone what Mullion promises (docs/bindings/guest-trees.md says what).
std::optional<Overlaid> apply_overlay(const std::string& tree, const GuestModel& guest, const Source& source,
                                      Diagnostics& diagnostics);

}  // namespace mullion::partc
