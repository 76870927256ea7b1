// SPDX-License-Identifier: Apache-2.0
// Lists what the FWFT extension needs of the machine besides vm/sbi/port.hpp.
#pragma once

#include <concepts>
#include <cstdint>

#include "vm/sbi/port.hpp"

namespace mullion {

/// What firmware features switch, on the calling hart.
template <class Port>
concept FwftPort = SbiPort<Port> && requires(Port& port, std::uint64_t value) {
    { port.henvcfg() } -> std::same_as<std::uint64_t>;
    /// Writes henvcfg, so that it counts from the next guest instruction on; returns the value that it holds.
    { port.set_henvcfg(value) } -> std::same_as<std::uint64_t>;
    /// Clears the shadow stack pointer.
    { port.reset_shadow_stack() } -> std::same_as<void>;
    /// Asks the firmware to let VS-mode have misaligned loads and stores from now on, or to keep them; returns whether
    /// it does.
    { port.delegate_misaligned(bool{}) } -> std::same_as<bool>;
};

}  // namespace mullion
