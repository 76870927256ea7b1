// SPDX-License-Identifier: Apache-2.0
// The S-level interrupt domain of the machine's APLIC (AIA 4), in either delivery mode. Registers are per
// source or are written with a source number, so harts of different guests never need a lock here: no source has two
// owners.
#pragma once

#include <cstdint>

#include "core/aplic_registers.hpp"
#include "core/description.hpp"

namespace mullion::arch::irq::domain {

enum class Delivery : std::uint32_t { direct = 0, msi = domaincfg::dm };

/// Every source inactive and masked, the domain delivering. By the boot hart, before any guest.
/// False: the domain did not take the configuration, so this is not the controller that the board file names.
bool initialise(Delivery delivery);

void set_mode(std::uint32_t source, SourceMode mode);
SourceMode mode(std::uint32_t source);

/// Nothing of the past is pending, and the source is masked: an inactive one is neither (AIA 4.5.2).
void prepare(const Source& source);

/// MSI delivery mode: messages of `source` go to interrupt file `file` of the hart (0: its supervisor-level file) as
/// `identity`.
void set_target(std::uint32_t source, const Hart& to, std::uint32_t file, std::uint32_t identity);

/// Direct delivery mode: `source` interrupts the hart, with the priority of every other.
void set_direct_target(std::uint32_t source, const Hart& to);

void set_enabled(std::uint32_t source, bool enabled);
bool pending(std::uint32_t source);
bool input(std::uint32_t source);
void set_pending(std::uint32_t source);
void clear_pending(std::uint32_t source);

}  // namespace mullion::arch::irq::domain
