// SPDX-License-Identifier: Apache-2.0
// What a life of a guest begins with: devices and memory that know of no earlier one.
#pragma once

#include "arch/memory.hpp"
#include "core/description.hpp"
#include "run/vm.hpp"

namespace mullion::run {

/// Returns how the hart clears memory, and flushes it where it can: by the smaller of both sizes, as only that of
/// cbo.zero is always measured. To flush a block twice does no harm.
arch::CacheBlocks flushed_blocks(const Hart& hart);

/// Resets the emulated devices, which masks the granted sources, and the granted devices as far as a way is known. On a
/// hart of the guest, all of whose harts are STOPPED. Returns whether its PCI functions are at rest; says which is not.
bool reset_devices(Vm& vm);

/// Clears every memory window, copies the images and puts a new seed into the tree. On a hart of the guest, all of
/// whose harts are STOPPED. Returns whether all of the memory takes it; says so if not.
bool renew_memory(Vm& vm);

}  // namespace mullion::run
