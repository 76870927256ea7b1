// SPDX-License-Identifier: Apache-2.0
// What no compiler can see, checked before any guest enters: whether this is the machine that the tables were made
// for. Each function returns if it is, and otherwise ends the machine with a line that says what differs.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/text.hpp"

namespace mullion::boot {

/// Ends the machine: a hart is not as the board file has it.
[[noreturn]] void refuse_hart(const Hart& hart, std::string_view why);
[[noreturn]] void refuse_lack(const Hart& hart, Extension extension);
/// Returns what a line says of a declared extension that is not there.
Text lack_of(Extension extension);

/// By every hart, before anything else.
void check_hypervisor_extension(const Hart& hart);

/// By the boot hart, once: the firmware, and that every hart of a guest is there to be started.
void check_firmware();
/// The firmware's tree reserves nothing that a guest or Mullion has.
void check_reserved();
void check_harts_present(std::uint64_t boot_hart);

/// By every hart of a guest, for itself, before it is configured: it has what the board file declares.
void check_features(const Hart& hart);

/// The same: declared extensions that only an instruction shows.
void check_instructions(const Hart& hart);

// By a hart of the guest, whose memory it has mapped, and by one of them at a time; before the memory is filled.

/// Returns the first end of a window of that kind, memory or a channel, that does not keep what is stored, if there is
/// one: that guest cannot start.
std::optional<Hpa> find_hole(const Hart& hart, std::span<const Window> windows, WindowKind kind);
/// The instructions about cache blocks that the board file declares are there, and for blocks of that size.
void check_cache_blocks(const Hart& hart, const Guest& guest);

}  // namespace mullion::boot
