// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/out_of_line.hpp: a call is a call.
#pragma once

#include <cstdint>

namespace mullion::arch {

template <void (*function)(std::uint64_t)>
void call_out_of_line(std::uint64_t argument) {
    function(argument);
}

}  // namespace mullion::arch
