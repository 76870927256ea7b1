// SPDX-License-Identifier: Apache-2.0
// What a life of a guest begins with: devices and memory that know of no earlier one.
#pragma once

#include "run/vm.hpp"

namespace mullion::run {

/// Resets the emulated devices, which masks the granted sources, and the granted devices as far as a way is known. On a
/// hart of the guest, all of whose harts are STOPPED. Returns whether its PCI functions are at rest; says which is not.
bool reset_devices(Vm& vm);

/// Clears every memory window, copies the images and puts a new seed into the tree. On a hart of the guest, all of
/// whose harts are STOPPED. Returns whether all of the memory takes it; says so if not.
bool renew_memory(Vm& vm);

}  // namespace mullion::run
