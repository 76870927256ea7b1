// SPDX-License-Identifier: Apache-2.0
// The physical UART that carries all consoles. hv/drivers.cpp has one driver of arch/uart/ for each image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mullion::arch::uart {

void initialise();
/// Returns how many bytes the transmitter takes now.
std::size_t room();
/// Sends the bytes. Requires: there is room() for them.
void send(std::span<const std::uint8_t> bytes);
/// Returns whether everything that was sent is on the line.
bool is_idle();
std::optional<std::uint8_t> receive();
/// Says whether a received byte interrupts, as it does from the start. Nothing else ever does.
void listen(bool on);

/// Prints at once, waiting for the line and taking no lock: for boot failures and panics, when nobody else will write.
void print_now(std::string_view text);

}  // namespace mullion::arch::uart
