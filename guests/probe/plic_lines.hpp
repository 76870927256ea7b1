// SPDX-License-Identifier: Apache-2.0
// Drives two level-triggered lines of the guest's PLIC as a case needs them: that of the 16550, which Mullion emulates,
// and that of the granted RTC.
#pragma once

#include "probe/devices.hpp"
#include "probe/plic.hpp"

namespace probe::plic {

/// Raises the UART's line by its empty transmitter, until it is lowered or IIR is read.
inline void raise_uart() {
    constexpr std::uint8_t transmitter_empty = 2;
    uart::write(uart::ier, 0);
    uart::write(uart::ier, transmitter_empty);
}
inline void lower_uart() {
    uart::write(uart::ier, 0);
}

/// Raises the RTC's line until it is lowered.
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

/// Lowers both lines, and leaves nothing pending, claimed, enabled or masked by this hart's threshold; sets sie.SEIE.
void prepare();

}  // namespace probe::plic
