// SPDX-License-Identifier: Apache-2.0
// Handles external interrupts by whichever controller the machine has, an IMSIC with an APLIC or a PLIC, for cases that
// are not about the controller.
#pragma once

#include <cstdint>

namespace probe::external {

/// Makes the level-triggered source interrupt only this hart, with sie.SEIE, and clears earlier interrupts.
void listen(std::uint32_t source);
/// Makes the source interrupt nobody.
void ignore(std::uint32_t source);

/// Claims and returns a source, 0 for none; with an IMSIC any identity.
std::uint32_t claim();
/// Completes a source: if its line is still high, it interrupts again.
void complete(std::uint32_t source);

}  // namespace probe::external
