// SPDX-License-Identifier: Apache-2.0
// Keeps the rare branches of a hot function from costing its other callers. For an ordinary call in a branch, or for
// what it derives from a compare, the compiler makes a stack frame at the function's beginning, for every caller.
#pragma once

#include <cstdint>

namespace mullion::arch {

template <void (*function)(std::uint64_t)>
inline void call_out_of_line(std::uint64_t argument) {
    register std::uint64_t t2 asm("t2") = argument;
    asm volatile(
        "lla t1, %1\n\t"
        "jal t0, call_out_of_line"
        : "+r"(t2)
        : "i"(function)
        : "t0", "t1", "t3", "t4", "t5", "t6", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "memory");
}

/// Returns the value, of which the compiler then knows nothing.
inline std::uint64_t opaque(std::uint64_t value) {
    asm("" : "+r"(value));
    return value;
}

}  // namespace mullion::arch
