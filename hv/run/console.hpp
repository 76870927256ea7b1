// SPDX-License-Identifier: Apache-2.0
// The machine's one console: all guests' output and the hypervisor's own, and the operator's keys (vm/console.hpp has
// the rules). Any hart may call these; none is on a path that a quiet guest takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "run/vm.hpp"

namespace mullion::run::console {

void initialise();

/// The banner: what runs, how to get help, and what is not isolated.
void greet();

/// The guest's life is over: ends its unfinished line, and shows what its zoom hid. The caller holds that guest's
/// device lock.
void finish(std::uint32_t guest);

/// A line of the hypervisor's own about the calling hart's guest. Of many that nobody had time to read some are only
/// counted.
void print(std::string_view line);

/// Lines about that guest were only counted, and nobody was told of the count yet.
bool has_left_out(std::uint32_t guest);

/// print() for a line that must not be lost: waits for room, at most until `limit` (time).
void print_patiently(std::string_view line, std::uint64_t limit);

/// A line that answers a key, or is the last one.
void answer(std::string_view line);

/// Types a break and a byte for a guest, as the operator would. Whoever owns its life's state, on any hart.
void type_break(std::uint32_t guest, std::uint8_t byte);

/// Moves output on as far as the UART takes it, a bounded number of bytes, and has the calling hart come back by its
/// timer for the rest: of its guest's output, or of the hypervisor's own lines. Never waits.
void service(const Vm& vm);
void service();

/// The UART's own interrupt, on the hart that it is routed to: something was typed.
void handle_interrupt();

/// Takes what is typed, as far as there is room for it.
void read_keys();

/// Waits until everything is out, and gives the terminal back: before the machine ends. Bounded, whatever the UART
/// does.
void flush();

}  // namespace mullion::run::console
