// SPDX-License-Identifier: Apache-2.0
// Waiting for interrupts, the shortest way that there is. They stay off (sstatus.SIE) but for the one instruction where
// one is expected; WFI ends for one that is enabled in sie all the same (privileged manual, "Wait for Interrupt").
#pragma once

#include <cstdint>

#include "common/csr.hpp"

extern "C" {
void started();
void take_software();
void take_timer();
void take_external();
}

namespace bench {

using namespace guest;

/// What may arrive, on the calling hart: a bit of sie, and its handler (start.S).
void expect_only(std::uint64_t interrupt, void (*handler)());

/// Sleeps until an interrupt arrives, and takes it. The time at the handler's first instruction.
inline std::uint64_t await_asleep() {
    register std::uint64_t at asm("t0") = 0;
    asm volatile("1: wfi; csrsi sstatus, 2; csrci sstatus, 2; beqz %0, 1b" : "+r"(at) : : "t1", "memory");
    return at;
}

/// The same in a loop of one instruction.
inline std::uint64_t await_running() {
    register std::uint64_t at asm("t0") = 0;
    asm volatile("csrsi sstatus, 2; 1: beqz %0, 1b; csrci sstatus, 2" : "+r"(at) : : "t1", "memory");
    return at;
}

/// What a device's interrupt took: times at the handler's first instruction, when it has claimed the interrupt, and
/// back in the code that was interrupted.
struct External {
    std::uint64_t handler;
    std::uint64_t claimed;
    std::uint64_t back;
};

/// Stores `value` to a device's register, which makes it interrupt, and takes the interrupt.
inline External provoke(std::uint64_t device_register, std::uint32_t value) {
    register std::uint64_t handler asm("t0") = 0;
    register std::uint64_t claimed asm("t1");
    std::uint64_t back;
    asm volatile("csrsi sstatus, 2; sw %4, 0(%3); 1: beqz %0, 1b; rdtime %2; csrci sstatus, 2"
                 : "+r"(handler), "=r"(claimed), "=&r"(back)
                 : "r"(device_register), "r"(value)
                 : "memory");
    return {handler, claimed, back};
}

/// Sleeps for `ticks`.
void sleep(std::uint64_t ticks);

}  // namespace bench
