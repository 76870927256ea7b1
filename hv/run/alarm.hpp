// SPDX-License-Identifier: Apache-2.0
// The calling hart's own timer, shared by what waits for it (vm/alarms.hpp).
#pragma once

#include <cstdint>

#include "vm/alarms.hpp"

namespace mullion::run {

/// In ticks of `time`; a time that has passed interrupts at once. Nothing on a boot hart without a guest: it is about
/// to stop.
void set_alarm(Alarm alarm, std::uint64_t time);
/// The same, unless it is set to an earlier time.
void hasten_alarm(Alarm alarm, std::uint64_t time);

/// Takes an interrupt of the timer: sets the guest's own where that is due, and returns the alarms that are.
DueAlarms take_alarms();

}  // namespace mullion::run
