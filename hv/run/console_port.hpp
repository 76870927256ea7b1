// SPDX-License-Identifier: Apache-2.0
// The console's port (vm/console.hpp) on this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/csr.hpp"
#include "arch/uart.hpp"
#include "vm/console.hpp"
#include "vm/input_queue.hpp"

namespace mullion::run::console {

struct UartPort {
    std::size_t room() { return arch::uart::room(); }
    void send(std::span<const std::uint8_t> bytes) { arch::uart::send(bytes); }
    std::uint64_t now() { return arch::now(); }
    void room_again(std::size_t guest);
};

/// With a channel for each guest, then Mullion's own.
extern constinit Console<UartPort> screen;
/// What is typed and finds no room.
extern constinit Typing typing;

}  // namespace mullion::run::console
