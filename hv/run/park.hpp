// SPDX-License-Identifier: Apache-2.0
// Where a hart is when its guest does not run on it, and how it waits.
#pragma once

namespace mullion::run {

/// On a hart that is about to run no guest, or stops: nothing of the guest's is left on it, nor interrupts it.
void quiet();

/// Waits in HS-mode until this hart of the guest is started. Gives up the stack.
[[noreturn]] void park();

/// Takes all that is pending on a hart of which no guest runs: in the park loop, and in each wait that may be long.
void take_interrupts_stopped();

/// On the guest's only STARTED hart: the guest is suspended until an interrupt that it has enabled is pending. Does not
/// return if the guest ends.
void suspend_system();

/// Returns when an interrupt that the guest has enabled is pending for it, or when somebody calls for attention.
void wait_for_guest_interrupt();

}  // namespace mullion::run
