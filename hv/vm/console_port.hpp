// SPDX-License-Identifier: Apache-2.0
// What the console (console.hpp) needs from the machine.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mullion {

template <class P>
concept ConsolePort = requires(P& port, std::span<const std::uint8_t> bytes, std::size_t guest) {
    { port.room() } -> std::same_as<std::size_t>;   // bytes that the transmitter takes now
    {port.send(bytes)};                             // no more than that
    { port.now() } -> std::same_as<std::uint64_t>;  // ticks of Board::timebase_frequency
    {port.room_again(guest)};                       // a refused put() would succeed; the console lock is held
};

}  // namespace mullion
