// SPDX-License-Identifier: Apache-2.0
// Drives a DesignWare DW_apb_uart: a 16550 that takes no line format while it is busy, and interrupts for two reasons
// that a 16550 has not.
#pragma once

#include <cstdint>
#include <optional>

#include "arch/uart/ns16550.hpp"
#include "core/wait.hpp"

namespace mullion::arch::uart {

namespace dw_apb {

inline constexpr unsigned status = 31;                    ///< USR
inline constexpr std::uint8_t busy = 1 << 0;              ///< of USR
inline constexpr std::uint8_t reason = 0x0f;              ///< of the interrupt identification
inline constexpr std::uint8_t was_busy = 0x07;            ///< a store to the line control register was not taken
inline constexpr std::uint8_t timeout = 0x0c;             ///< bytes lie in the FIFO; it may come when there are none
inline constexpr std::uint8_t divisor_or_break = 3 << 6;  ///< of the line control register

}  // namespace dw_apb

template <UartRegisters Registers>
class DwApb : public Ns16550<Registers> {
    using Base = Ns16550<Registers>;

 public:
    using Base::Base;

    void initialise() {
        reach_data();
        Base::initialise();
        answer();
    }

    std::optional<std::uint8_t> receive() {
        const auto byte = Base::receive();
        if (!byte) {
            answer();
        }
        return byte;
    }

 private:
    /// Makes registers 0 and 1 those of a 16550 instead of the divisor, and ends a break that is being sent. Received
    /// bytes keep the unit busy, so the FIFOs are emptied while this waits.
    void reach_data() {
        const auto format = this->registers_.load(ns16550::line_control);
        if ((format & dw_apb::divisor_or_break) == 0) {
            return;
        }
        int tries = 0;
        await_machine<Wait::quiet>([&] { return (this->registers_.load(dw_apb::status) & dw_apb::busy) == 0; },
                                   [&] { return ++tries > 100'000; },
                                   [&] { this->registers_.store(ns16550::fifo_control, ns16550::fifos_emptied); });
        this->registers_.store(ns16550::line_control, static_cast<std::uint8_t>(format & ~dw_apb::divisor_or_break));
    }

    /// Ends an interrupt for which no byte can be received: it would come for ever.
    void answer() {
        const auto why = this->registers_.load(ns16550::interrupt_identification) & dw_apb::reason;
        if (why == dw_apb::was_busy) {
            this->registers_.load(dw_apb::status);
        } else if (why == dw_apb::timeout && !this->has(ns16550::data_ready)) {
            this->registers_.load(ns16550::data);
        }
    }
};

}  // namespace mullion::arch::uart
