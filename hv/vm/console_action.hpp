// SPDX-License-Identifier: Apache-2.0
// What a byte from the console's terminal asks of the hypervisor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mullion {

/// What the caller is to do. `guest` has the input, with kind `focus` from now on.
struct ConsoleAction {
    enum class Kind : std::uint8_t { none, text, line_break, focus, states, interrupt, restart, off, machine_off };

    Kind kind = Kind::none;
    std::size_t guest = 0;
    std::uint8_t byte = 0;  ///< kind `text`: for the guest's UART

    constexpr bool operator==(const ConsoleAction&) const = default;
};

}  // namespace mullion
