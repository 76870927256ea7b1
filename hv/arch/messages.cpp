// SPDX-License-Identifier: Apache-2.0
#include "arch/messages.hpp"

#include <atomic>

#include "arch/firmware.hpp"
#include "arch/hart.hpp"

namespace mullion::arch::messages {

void initialise() {
    if (board_kind.controller == InterruptController::imsic) {
        return imsic::initialise();
    }
    claim_word();
    set_bits<Csr::sie>(csr::interrupt::ss);
}

// The word is cleared after the interrupt: what comes in between interrupts once more, and finds nothing.
Messages claim_word() {
    clear_bits<Csr::sip>(csr::interrupt::ss);
    return this_hart().messages.exchange(0, std::memory_order_acquire);
}

// A word that is not empty has its interrupt on the way: the hart takes the word after that.
void send_by_firmware(const Hart& to, Message message) {
    auto& target = context_of(to);
    if (target.messages.fetch_or(bit(message), std::memory_order_release) != 0) {
        return;
    }
    if (&target == &this_hart()) {
        set_bits<Csr::sip>(csr::interrupt::ss);
    } else {
        firmware::send_ipi(to.id);
    }
}

}  // namespace mullion::arch::messages
