// SPDX-License-Identifier: Apache-2.0
// Calls from a hot function's rare branch. An ordinary one would make the compiler save ra where the function begins,
// on the way of everybody who does not take that branch.
#pragma once

#include <cstdint>

namespace mullion::arch {

template <void (*function)(std::uint64_t)>
inline void call_apart(std::uint64_t argument) {
    register std::uint64_t t2 asm("t2") = argument;
    asm volatile(
        "lla t1, %1\n\t"
        "jal t0, call_apart"
        : "+r"(t2)
        : "i"(function)
        : "t0", "t1", "t3", "t4", "t5", "t6", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "memory");
}

}  // namespace mullion::arch
