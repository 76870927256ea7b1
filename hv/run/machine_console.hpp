// SPDX-License-Identifier: Apache-2.0
// The console (vm/console.hpp) of this machine, what is typed at it, and their locks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/csr.hpp"
#include "arch/lock.hpp"
#include "arch/uart.hpp"
#include "vm/any_console.hpp"
#include "vm/input_queue.hpp"

namespace mullion::run::console {

struct MachineConsolePort {
    std::size_t room() { return arch::uart::room(); }
    void send(std::span<const std::uint8_t> bytes) { arch::uart::send(bytes); }
    std::uint64_t now() { return arch::now(); }
    void room_again(std::size_t guest);
};

/// With or without keys and zoom, as the description wants it (hv/storage.cpp).
extern AnyConsole& machine_console;
/// What is typed and finds no room.
extern constinit Typing typing;

/// The lock of the console, the UART and what is typed. A hart that moves output does not wait for it: if it is taken,
/// or others wait, the hart comes again.
extern constinit arch::FairLock lock;
/// The lock of the channel of Mullion's own lines, held while a line is put there. Taken last.
extern constinit arch::FairLock printing;

}  // namespace mullion::run::console
