// SPDX-License-Identifier: Apache-2.0
// The entropy source of a hart with Zkr.
#pragma once

#include <optional>

#include "core/sha256.hpp"

namespace mullion::arch {

/// The digest of 512 bits of the calling hart's; nothing where it has none, the firmware keeps it (mseccfg.SSEED), or
/// it does not give as many in a bounded number of tries.
std::optional<Digest> hart_entropy();

}  // namespace mullion::arch
