// SPDX-License-Identifier: Apache-2.0
// How guests begin (vm/life.hpp has the states, core/policy.hpp the order in which they start).
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// At boot, once, before any hart parks: which guests will start by themselves.
void schedule_starts();

/// On a hart of a guest whose harts are all STOPPED, in state `starting`: the guest runs afterwards, or has come to
/// rest with a line that says why it cannot start. First start and restart alike.
void begin_life(Vm& vm);

/// The guest stays in this state until the operator asks; the machine goes off with its last guest. By the state's
/// owner.
void come_to_rest(Vm& vm, LifeState state);

/// The end of the machine, if no guest runs or will by itself.
void power_off_if_all_are_over();

/// As after a reset of the guest's machine: the emulated devices, with them the granted sources, which are masked, and
/// the granted devices as far as a way is known. On a hart of the guest, all of whose harts are STOPPED.
void reset_devices(Vm& vm);

/// On a parked hart: a guest that waits for its turn has an alarm for it.
void arm_start(const Vm& vm);

}  // namespace mullion::run
