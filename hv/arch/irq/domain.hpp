// SPDX-License-Identifier: Apache-2.0
// The S-level interrupt domain of the machine's APLIC (AIA 4), in either delivery mode. Registers are per
// source or are written with a source number, so harts of different guests never need a lock here: no source has two
// owners.
#pragma once

#include <cstdint>
#include <optional>

#include "core/aplic_registers.hpp"
#include "core/description.hpp"
#include "core/text.hpp"

namespace mullion::arch::irq::domain {

enum class Delivery : std::uint32_t { direct = 0, msi = domaincfg::dm };

/// Masks every source, makes it inactive, and lets the domain deliver. Returns whether the domain took the
/// configuration; if not, this is not the controller that the board file names. By the boot hart, before any guest.
bool initialise(Delivery delivery);

/// Tries the sources that the description uses, and returns what is wrong. After initialise().
std::optional<Text> check_sources();

void set_mode(std::uint32_t source, SourceMode mode);
SourceMode mode(std::uint32_t source);

/// Masks the source and forgets what is pending: an inactive source is neither enabled nor pending (AIA 4.5.2).
void prepare(const Source& source);

/// In MSI delivery mode, aims `source` at interrupt file `file` of the hart (0: its supervisor-level file) as
/// `identity`.
void set_target(std::uint32_t source, const Hart& to, std::uint32_t file, std::uint32_t identity);

/// In direct delivery mode, aims `source` at the hart, with the priority that every other source has.
void set_direct_target(std::uint32_t source, const Hart& to);

/// In MSI delivery mode, sends an identity to the hart's supervisor-level file (genmsi, AIA 4.5.15). Requires: nothing
/// is being sent so, which is_sending() tells.
void send_message(const Hart& to, std::uint32_t identity);
bool is_sending();

void set_enabled(std::uint32_t source, bool enabled);
bool pending(std::uint32_t source);
bool input(std::uint32_t source);
void set_pending(std::uint32_t source);
void clear_pending(std::uint32_t source);

}  // namespace mullion::arch::irq::domain
