// SPDX-License-Identifier: Apache-2.0
// Tells findings that only follow from a mistake which has a message of its own.
#pragma once

#include "core/finding.hpp"
#include "model.hpp"

namespace mullion::partc {

/// Returns whether another message already covers the finding: the host address was not given and none was found, or it
/// is beyond the hypervisor's reach; or the interrupt or the BAR belongs to a device that another guest has; or the
/// interrupt file to such a hart.
bool follows(const Model& model, const Finding& finding);

}  // namespace mullion::partc
