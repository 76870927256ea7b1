// SPDX-License-Identifier: Apache-2.0
// Wired interrupts of a machine without IMSIC: a PLIC, or an APLIC in direct delivery mode. A source interrupts one
// hart at most. Claimed, it is held: it does not come again before it is released.
//
// Who calls for a source: the hart that prepares it, then whoever holds the lock that the source's owner is under (a
// guest's device lock, the console's). The UART's source is the only one of a hart's that is not its guest's.
#pragma once

#include <cstdint>

#include "core/description.hpp"

namespace mullion::arch::wired {

/// Every source masked for every hart. By the boot hart, before any guest. False: this is not the controller that the
/// board file names.
bool initialise();

/// What is routed to the calling hart interrupts it from now on.
void initialise_hart(const Hart& self);

/// Nothing of the past is pending, and the source is masked; a wire that is up now comes when it is routed. Uses the
/// context of `by`, which is the calling hart, or interrupts nobody as yet. The source is masked and not held.
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

}  // namespace mullion::arch::wired
