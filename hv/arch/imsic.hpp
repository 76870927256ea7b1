// SPDX-License-Identifier: Apache-2.0
// The calling hart's own interrupt files, and messages to the files of others (AIA 3).
#pragma once

#include <cstdint>

#include "core/description.hpp"

namespace mullion::arch::imsic {

/// Identities that Mullion uses in every hart's supervisor-level file.
enum class Identity : std::uint32_t {
    none = 0,
    software = 1,   ///< raise VSSIP: an SBI IPI
    attention = 2,  ///< look at what others ask of this hart
    uart = 3,       ///< the physical UART
};

/// Enables the identities above in the calling hart's supervisor-level file.
void initialise();

/// Takes the most urgent pending identity of the supervisor-level file.
Identity claim();

/// A message to another hart's supervisor-level file. What was written to memory before is seen by its handler.
void send(const Hart& to, Identity identity);

/// A message to a guest interrupt file of the caller's own guest: the only ones that it has mapped.
void send_to_guest(const Hart& to, std::uint32_t identity);

/// The calling hart's guest interrupt file as after reset: nothing pending, enabled or delivered.
void reset_guest_file();

/// Whether `identity` is pending in the calling hart's guest file; clears it.
bool take_from_guest_file(std::uint32_t identity);

}  // namespace mullion::arch::imsic
