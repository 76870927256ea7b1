// SPDX-License-Identifier: Apache-2.0
// How harts of the hypervisor interrupt one another: by messages to supervisor-level interrupt files where there is an
// IMSIC, else by the firmware's IPIs and a word of each hart that says what they are for.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "arch/imsic.hpp"
#include "core/description.hpp"
#include "core/message.hpp"
#include "core/tables.hpp"

namespace mullion::arch::messages {

/// On the calling hart, before anyone may send it something.
void initialise();

/// Where there is no IMSIC.
void send_by_firmware(const Hart& to, Message message);
Messages claim_word();

/// What has interrupted the calling hart is taken, all of it.
inline Messages claim() {
    return board_kind.controller == InterruptController::imsic ? imsic::claim() : claim_word();
}

/// What was written to memory before is seen by whoever claims it. `to` may be the calling hart.
inline void send(const Hart& to, Message message) {
    if (board_kind.controller == InterruptController::imsic) {
        imsic::send(to, message);
    } else {
        send_by_firmware(to, message);
    }
}

}  // namespace mullion::arch::messages
