// SPDX-License-Identifier: Apache-2.0
// How a hart waits while its guest does not run on it: parked (park_entry, arch/hart.hpp), or suspended.
#pragma once

#include "core/message.hpp"

namespace mullion::run {

/// Suspends the guest until an interrupt that it has enabled is pending. On its only STARTED hart. Does not return if
/// the guest ends.
void suspend_system();

/// Returns when an interrupt that the guest has enabled is pending for it, or when somebody calls for attention.
void wait_for_guest_interrupt();

/// Does what interrupts that were taken on a hart that runs its guest ask for. Does not return if the guest ends.
void serve(Wanted wanted);

}  // namespace mullion::run
