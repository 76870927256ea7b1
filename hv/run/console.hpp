// SPDX-License-Identifier: Apache-2.0
// The machine's one console: all guests' output and the hypervisor's own (vm/console.hpp has the rules; run/input.hpp
// has what is typed). Any hart may call these; none is on a path that a quiet guest takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "run/vm.hpp"

namespace mullion::run::console {

/// Prints the banner: what runs, how to get help, what is not isolated, and whether guests get no seeds.
void greet(bool seeded);

/// Ends the unfinished line of a guest whose life is over, and shows what its zoom hid. Requires: the caller holds that
/// guest's device lock.
void finish(std::uint32_t guest);

/// Prints a line about the calling hart's guest. Of many that nobody had time to read some are only counted.
void print(std::string_view line);

/// Prints the same if there is room for it at once, and returns whether there was.
bool try_print(std::string_view line);

/// Returns whether lines about that guest were only counted, and nobody was told of the count yet.
bool has_left_out(std::uint32_t guest);

/// Prints a line that answers a key, or is the last one: it has room that notices leave it (OwnLines::answers). Of more
/// answers than fit into that the last are dropped and counted.
void print_answer(std::string_view line);

/// Moves output on as far as the UART takes it, a bounded number of bytes, and has the calling hart come back by its
/// timer for the rest: of its guest's output, or of the hypervisor's own lines. Never waits.
void service(const Vm& vm);
void service();

/// Sends attention to a hart of the guest, so that it looks after its console.
void send_attention(const Vm& vm);

/// Waits until everything is out, and gives the terminal back: before the machine ends. Bounded, whatever the UART
/// does.
void flush();

}  // namespace mullion::run::console
