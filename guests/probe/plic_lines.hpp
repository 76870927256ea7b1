// SPDX-License-Identifier: Apache-2.0
// The two level-triggered lines of every guest's PLIC, as high and low as a case wants them: the 16550's, which Mullion
// emulates, and that of the RTC, which is granted.
#pragma once

#include "probe/devices.hpp"
#include "probe/plic.hpp"

namespace probe::plic {

/// High until the line is lowered or the UART's IIR is read: its transmitter is empty.
inline void raise_uart() {
    constexpr std::uint8_t transmitter_empty = 2;
    uart::write(uart::ier, 0);
    uart::write(uart::ier, transmitter_empty);
}
inline void lower_uart() {
    uart::write(uart::ier, 0);
}

/// High until it is lowered.
inline void raise_rtc() {
    rtc::enable(true);
    rtc::set_alarm(0);
}
inline void lower_rtc() {
    rtc::clear();
    rtc::enable(false);
}

inline bool notified() {
    return (read_csr<sip>() >> external_interrupt & 1) != 0;
}

/// Both lines low, nothing pending, claimed, enabled or masked by this hart's threshold; sie.SEIE.
void prepare();

}  // namespace probe::plic
