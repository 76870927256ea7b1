// SPDX-License-Identifier: Apache-2.0
// The entropy source of a hart with Zkr.
#pragma once

#include <optional>

#include "core/sha256.hpp"

namespace mullion::arch {

/// Returns the digest of 512 random bits of the calling hart (Zkr); nothing if the firmware keeps them (mseccfg.SSEED),
/// or the hart does not give as many in a bounded number of tries.
std::optional<Digest> hart_entropy();

}  // namespace mullion::arch
