// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Timer extension, for guests that do not use Sstc's vstimecmp themselves.
#pragma once

#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

template <SbiPort Port>
SbiResult sbi_time(Port& port, TimeFunction function, std::uint64_t stime_value) {
    if (function != TimeFunction::set_timer) {
        return {SbiError::not_supported};
    }
    port.set_timer(stime_value);
    return {};
}

}  // namespace mullion
