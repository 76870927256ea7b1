// SPDX-License-Identifier: Apache-2.0
// What is typed at the machine's one console: the operator's keys, and input for guests. Any hart may call these.
#pragma once

#include <cstdint>

namespace mullion::run::input {

/// Has the UART interrupt a hart of the guest that has the input. Once, at boot.
void initialise();

/// Takes the UART's own interrupt, on the hart that it is routed to: something was typed.
void handle_interrupt();

/// Takes what is typed, as far as there is room for it, and does what keys ask for.
void read();

/// Types a break and a byte for a guest, as the operator would. By whoever owns its life's state, on any hart.
void type_break(std::uint32_t guest, std::uint8_t byte);

}  // namespace mullion::run::input
