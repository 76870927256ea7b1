// SPDX-License-Identifier: Apache-2.0
// External interrupts by whichever controller the machine has: an IMSIC behind an APLIC, or a PLIC. For cases that are
// not about the controller.
#pragma once

#include <cstdint>

namespace probe::external {

/// The level-triggered source interrupts this hart alone, with sie.SEIE. Nothing that came earlier counts.
void listen(std::uint32_t source);
/// Makes the source interrupt nobody.
void ignore(std::uint32_t source);

/// The source that came, 0 for none. Of an IMSIC, any identity.
std::uint32_t claim();
/// The device was looked at: if its line is still high, it interrupts again.
void complete(std::uint32_t source);

}  // namespace probe::external
