// SPDX-License-Identifier: Apache-2.0
#include "arch/messages.hpp"

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

Messages claim_word() {
    return this_hart().messages.take([] { clear_bits<Csr::sip>(csr::interrupt::ss); });
}

void send_by_firmware(const Hart& to, Message message) {
    auto& target = context_of(to);
    target.messages.post(message, [&] {
        if (&target == &this_hart()) {
            set_bits<Csr::sip>(csr::interrupt::ss);
        } else {
            firmware::send_ipi(to.id);
        }
    });
}

}  // namespace mullion::arch::messages
