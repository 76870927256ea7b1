// SPDX-License-Identifier: Apache-2.0
// The calling hart's own interrupt files, and messages to the files of others (AIA 3).
#pragma once

#include <cstdint>

#include "core/description.hpp"
#include "core/message.hpp"

namespace mullion::arch::imsic {

/// Enables the messages' identities in the calling hart's supervisor-level file.
void initialise();

/// Takes all that is pending in the supervisor-level file.
Messages claim();

/// To a hart's supervisor-level file. What was written to memory before is seen by its handler.
void send(const Hart& to, Message message);

/// A message to a guest interrupt file of the caller's own guest: the only ones that it has mapped.
void send_to_guest(const Hart& to, std::uint32_t identity);

/// The calling hart's guest interrupt file as after reset: nothing pending, enabled or delivered.
void reset_guest_file();

/// Whether `identity` is pending in the calling hart's guest file; clears it.
bool take_from_guest_file(std::uint32_t identity);

}  // namespace mullion::arch::imsic
