// SPDX-License-Identifier: Apache-2.0
// SHA-256 of host memory, by the quickest way that the hart has.
#pragma once

#include "core/address.hpp"
#include "core/sha256.hpp"

namespace mullion::arch {

/// Returns the SHA-256 of the bytes, and calls `meanwhile` after each KiB or less. `zknh`: the calling hart has the
/// instructions of that extension.
Digest digest_of(HostRange range, bool zknh, void (*meanwhile)());

}  // namespace mullion::arch
