// SPDX-License-Identifier: Apache-2.0
// What Mullion itself asks of the SBI firmware: to start its harts and to end the machine. No argument of a guest
// reaches these calls.
#pragma once

#include <cstdint>

#include "core/address.hpp"

namespace mullion::arch::firmware {

struct Result {
    std::int64_t error = 0;
    std::uint64_t value = 0;
};

Result get_spec_version();
Result probe_extension(std::uint64_t extension);
Result machine_vendor_id();
Result machine_arch_id();
Result machine_impl_id();
Result hart_start(HartId hart, Hpa entry);
Result hart_status(HartId hart);
[[noreturn]] void hart_stop();

/// Ends the machine. Does not return: where firmware has no system reset, the hart waits for ever.
[[noreturn]] void shutdown(bool failure);

}  // namespace mullion::arch::firmware
