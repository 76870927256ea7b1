// SPDX-License-Identifier: Apache-2.0
// Guests beside each other: ones that count on what their calls cost, and ones that do their worst. What
// each costs is counted from outside (tests/bench/interference.sh).
#pragma once

#include <cstdint>

#include "common/tree.hpp"

namespace bench {

/// After a moment for the others to get going: 200 of each kind of call and register access in a row; then
/// the guest is off.
void endure(const guest::Machine& machine, std::uint64_t self);

/// All harts: calls of every kind, with good and bad arguments, IPIs and fences for all harts, accesses to the emulated
/// registers; for ever.
[[noreturn]] void storm(const guest::Machine& machine, std::uint64_t self);

/// Lines as fast as they go, and then a restart.
void flood();

/// Bytes of which each costs the console much, for ever.
[[noreturn]] void scribble();

/// Short lines for 10 ms, 0.04 ms apart, when the other has got going; then the guest is off.
void whisper(const guest::Machine& machine);

}  // namespace bench
