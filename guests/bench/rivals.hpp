// SPDX-License-Identifier: Apache-2.0
// Runs guests beside each other: some whose calls are measured, and some that disturb as much as they can.
// tests/bench/interference.sh measures from outside.
#pragma once

#include <cstdint>

#include "common/tree.hpp"

namespace bench {

/// Waits until the others are busy, makes 200 of each kind of call and register access in a row, then powers off.
void endure(const guest::Machine& machine, std::uint64_t self);

/// Makes, for ever on all harts, calls of every kind with good and bad arguments, IPIs and fences for all harts, and
/// accesses to emulated registers.
[[noreturn]] void storm(const guest::Machine& machine, std::uint64_t self);

/// Prints lines as fast as possible, then reboots.
void flood();

/// Prints, for ever, bytes that are costly for the console.
[[noreturn]] void scribble();

/// Waits until the other is busy, prints short lines for 10 ms, 0.04 ms apart, then powers off.
void whisper(const guest::Machine& machine);

}  // namespace bench
