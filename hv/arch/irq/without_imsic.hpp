// SPDX-License-Identifier: Apache-2.0
// What a machine without IMSIC has beside its controller: messages by the firmware's IPIs, and a word of each hart that
// says what they are for. Guests have no interrupt files: VSEIP is the hypervisor's own doing.
#pragma once

#include <cstdint>
#include <optional>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/hart.hpp"
#include "arch/order.hpp"
#include "core/message.hpp"
#include "core/text.hpp"

namespace mullion::arch::irq {

class WithoutImsic {
 public:
    static constexpr bool needs_sbi_ipi = true;

    static std::optional<Text> check_hart(const Hart&) { return std::nullopt; }

    static void send(const Hart& to, Message message) {
        auto& target = context_of(to);
        target.messages.post(message, [&] {
            if (&target == &this_hart()) {
                set_bits<Csr::sip>(csr::interrupt::ss);
            } else {
                firmware::send_ipi(to.id);
            }
        });
    }

    static Messages claim_messages(std::uint64_t pending) {
        const Messages source = (pending & csr::interrupt::se) != 0 ? bit(Message::source) : 0;
        return (pending & csr::interrupt::ss) != 0 ? source | take_word() : source;
    }

    static std::optional<Text> drain(const Hart&) { return std::nullopt; }
    static std::uint32_t vgein() { return 0; }
    static void reset_guest_file() {}

    // Nobody raises VSEIP meanwhile.
    static void wait_for_guest_interrupt() { wait_for_interrupt(); }

 protected:
    static void enable_interrupts() {
        take_word();
        set_bits<Csr::sie>(csr::interrupt::ss | csr::interrupt::se);
    }

 private:
    static Messages take_word() {
        return this_hart().messages.take([] {
            clear_bits<Csr::sip>(csr::interrupt::ss);
            order::between_steps();  // or the word may be read first, and a newer message lose its interrupt
        });
    }
};

}  // namespace mullion::arch::irq
