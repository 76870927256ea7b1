// SPDX-License-Identifier: Apache-2.0
// The calling hart's own timer, shared by what waits for it (vm/alarms.hpp).
#pragma once

#include <cstdint>

#include "vm/alarms.hpp"

namespace mullion::run {

/// Sets an alarm of the calling hart, in ticks of `time`; one that has passed interrupts at once. Does nothing on a
/// boot hart without a guest, which is about to stop.
void set_alarm(Alarm alarm, std::uint64_t time);
/// Sets an alarm unless it is set to an earlier time.
void hasten_alarm(Alarm alarm, std::uint64_t time);

/// Sets alarms for those that decide over a port (vm/messages.hpp, AlarmPort).
struct HartAlarmPort {
    void set_alarm(Alarm alarm, std::uint64_t time) { run::set_alarm(alarm, time); }
};

/// Takes an interrupt of the timer: sets the guest's own where that is due, and returns the alarms that are.
DueAlarms take_alarms();

}  // namespace mullion::run
