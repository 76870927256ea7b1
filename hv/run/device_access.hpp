// SPDX-License-Identifier: Apache-2.0
// Loads and stores of a guest's hart that meet an emulated device.
#pragma once

#include <cstdint>

#include "arch/hart.hpp"
#include "core/address.hpp"
#include "core/decode.hpp"
#include "core/description.hpp"

namespace mullion::run {

/// Whether an emulated device of the guest answers there, to some accesses at least.
bool is_emulated(const Guest& guest, Gpa at);

/// Carries out an access of the calling hart's guest. False: no emulated device has such an access, and nothing has
/// happened.
bool access_device(arch::HartContext& context, Gpa at, const MemoryAccess& access);

}  // namespace mullion::run
