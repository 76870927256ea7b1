// SPDX-License-Identifier: Apache-2.0
// The machine's interrupt controller: wired sources, messages between harts of the hypervisor, and the external
// interrupt of guests. hv/drivers.cpp has one of arch/irq/ for each image.
//
// A wired source interrupts one hart at most. Claimed, it is held: it does not come again before it is released. Who
// calls for a source: the hart that prepares it, then whoever holds the lock that the source's owner is under (a
// guest's device lock, the console's). The console's source is the only one of a hart's that is not its guest's.
#pragma once

#include <cstdint>
#include <optional>

#include "core/description.hpp"
#include "core/message.hpp"
#include "core/text.hpp"

namespace mullion::arch::irq {

/// Says whether messages are sent by the firmware's IPIs.
extern const bool needs_sbi_ipi;

/// Masks every source for every hart, and tries those that the description uses. Returns what is wrong. By the boot
/// hart, before any guest.
std::optional<Text> initialise();

/// Checks what the calling hart has of the controller, and returns what is wrong. Leaves its CSRs as they were. Before
/// any other access to that.
std::optional<Text> check_hart(const Hart& self);

/// Lets messages, and sources that are routed to the calling hart, interrupt it from now on.
void initialise_hart(const Hart& self);

/// Sends a message to a hart, which may be the calling one. Whoever claims it sees what was written to memory before.
void send(const Hart& to, Message message);

/// Takes all messages of the calling hart whose interrupts are among `pending`, bits of sip.
Messages claim_messages(std::uint64_t pending);

/// Forgets what is pending of a source; a wire that is up now interrupts when it is routed. Uses what the hart `by` has
/// of the controller. Requires: the source is masked and not held; `by` is the calling hart, or interrupts nobody yet.
void prepare(const Source& source, const Hart& by);

/// Has a masked source interrupt that hart.
void route(std::uint32_t source, const Hart& to);

/// Masks the source again.
void unroute(std::uint32_t source, const Hart& from);

/// Claims the most urgent source that interrupts the calling hart, and holds it; returns 0 if there is none.
std::uint32_t claim(const Hart& self);

/// Lets a held source, which is routed there, interrupt again.
void release(std::uint32_t source, const Hart& routed);

/// Lets a held source that was masked meanwhile wait as it did before it was claimed, on the calling hart.
void put_back(std::uint32_t source, const Hart& self);

/// Returns whether the source waits to be claimed, masked or not.
bool pending(std::uint32_t source);

/// Waits, for a millisecond at most, until what sources have sent to the calling hart before has arrived in its
/// interrupt files, and returns what is wrong if it has not. Requires: they are masked.
std::optional<Text> drain(const Hart& self);

/// Returns hstatus.VGEIN of every hart: the interrupt file that is its guest's external interrupt, 0 if it has none.
std::uint32_t vgein();

/// Leaves the calling hart's guest interrupt file as after reset: nothing pending, enabled or delivered.
void reset_guest_file();

/// Waits (WFI) until an interrupt of the hart's own is pending, or one that its guest has enabled; may return early.
void wait_for_guest_interrupt();

}  // namespace mullion::arch::irq
