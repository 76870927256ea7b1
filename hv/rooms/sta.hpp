// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Steal-time Accounting extension. Nobody else runs on a guest's hart, so no time is ever stolen: the
// shared memory is cleared when the guest sets it, and never written again.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/address.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/guest_memory.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Size and alignment of the shared memory in bytes (chapter's table).
inline constexpr std::uint64_t steal_time_bytes = 64;

/// Answers a call. An address of all ones disables reporting, which needs no action here.
template <SbiPort Port>
SbiResult sbi_sta(const VCpu& self, Port& port, StaFunction function, std::uint64_t shmem_lo, std::uint64_t shmem_hi,
                  std::uint64_t flags) {
    constexpr auto none = ~std::uint64_t{0};
    if (function != StaFunction::steal_time_set_shmem) {
        return {SbiError::not_supported};
    }
    if (flags != 0) {
        return {SbiError::invalid_param};
    }
    if (shmem_lo == none && shmem_hi == none) {
        return {};
    }
    if (!is_aligned(shmem_lo, steal_time_bytes)) {
        return {SbiError::invalid_param};
    }
    const auto at = find(self.guest, Gpa{shmem_lo}, steal_time_bytes, Rights::rw);
    if (shmem_hi != 0 || !at) {
        return {SbiError::invalid_address};
    }
    std::ranges::fill(port.guest_memory(*at, steal_time_bytes), std::uint8_t{0});
    return {};
}

template <SbiPort Port>
inline constexpr auto sta_row = sbi_row<Port>(SbiExtension::sta, Exit::sbi_sta,
                                              [](VCpu& self, Port& port, const SbiCall& call) {
                                                  return sbi_sta(self, port, static_cast<StaFunction>(call.function),
                                                                 call.a0, call.a1, call.a2);
                                              });

}  // namespace mullion
