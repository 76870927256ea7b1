// SPDX-License-Identifier: Apache-2.0
// Lists what the console (console.hpp) needs of the machine.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mullion {

template <class P>
concept ConsolePort = requires(P& port, std::span<const std::uint8_t> bytes, std::size_t guest) {
    { port.room() } -> std::same_as<std::size_t>;   // returns how many bytes the transmitter takes now
    {port.send(bytes)};                             // requires: no more than room()
    { port.now() } -> std::same_as<std::uint64_t>;  // ticks of Board::timebase_frequency
    {port.room_again(guest)};  // tells a guest that a refused put() would succeed now; the console lock is held
};

}  // namespace mullion
