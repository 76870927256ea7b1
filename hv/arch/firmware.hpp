// SPDX-License-Identifier: Apache-2.0
// What Mullion itself asks of the SBI firmware: to start its harts and to end the machine. No argument of a guest
// reaches these calls.
#pragma once

#include <cstdint>

#include "core/address.hpp"
#include "core/sbi.hpp"

namespace mullion::arch::firmware {

SbiResult get_spec_version();
SbiResult probe_extension(SbiExtension extension);
SbiResult machine_vendor_id();
SbiResult machine_arch_id();
SbiResult machine_impl_id();
SbiResult hart_start(HartId hart, Hpa entry);
SbiResult hart_status(HartId hart);
[[noreturn]] void hart_stop();

/// Ends the machine. Does not return: where firmware has no system reset, the hart waits for ever.
[[noreturn]] void shutdown(bool failure);

}  // namespace mullion::arch::firmware
