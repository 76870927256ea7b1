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
#include <string_view>

#include "core/description.hpp"
#include "core/message.hpp"
#include "core/text.hpp"

namespace mullion::arch::irq {

/// Whether it sends by the firmware's IPIs.
extern const bool needs_sbi_ipi;

/// What is not where the board file has it.
struct Missing {
    std::string_view what;
    Hpa at;
};

/// Every source masked for every hart. By the boot hart, before any guest.
std::optional<Missing> initialise();

/// What is wrong with what the calling hart has of it. Before any other access to that.
std::optional<Text> check_hart(const Hart& self);

/// Messages and sources that are routed to the calling hart interrupt it from now on.
void initialise_hart(const Hart& self);

/// What was written to memory before is seen by whoever claims it. `to` may be the calling hart.
void send(const Hart& to, Message message);

/// Takes all that the calling hart's interrupts, `pending` of sip, are for.
Messages claim_messages(std::uint64_t pending);

/// Nothing of the past is pending, and the source is masked; a wire that is up now comes when it is routed. Uses what
/// `by` has of the controller, which is the calling hart, or interrupts nobody as yet. The source is masked and not
/// held.
void prepare(const Source& source, const Hart& by);

/// A masked source interrupts that hart.
void route(std::uint32_t source, const Hart& to);

/// It is masked again.
void unroute(std::uint32_t source, const Hart& from);

/// The most urgent source that interrupts the calling hart, which is held then; 0: none.
std::uint32_t claim(const Hart& self);

/// A held source that is routed there may come again.
void release(std::uint32_t source, const Hart& routed);

/// A held source that was masked meanwhile waits as it did before it was claimed, on the calling hart.
void put_back(std::uint32_t source, const Hart& self);

/// Whether the source waits to be claimed, masked or not.
bool pending(std::uint32_t source);

/// hstatus.VGEIN of every hart: the interrupt file that is its guest's external interrupt, 0 where it has none.
std::uint32_t vgein();

/// The calling hart's guest interrupt file as after reset: nothing pending, enabled or delivered.
void reset_guest_file();

/// WFI until an interrupt of the hart's own is pending, or one that its guest has enabled; may return early.
void wait_for_guest_interrupt();

}  // namespace mullion::arch::irq
