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
void take_message();
void take_level();
}

namespace bench {

using namespace guest;

/// Returns whether harts have stimecmp; else the SBI has the timer.
void use_stimecmp(bool has_sstc);
void set_timer(std::uint64_t at);

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

/// Registers that a device's interrupt takes. `claim` is the PLIC's, where there is one.
struct Device {
    std::uint64_t provoke;  ///< a store of 0 makes it interrupt
    std::uint64_t end;      ///< any store ends that
    std::uint64_t claim;
};

/// Makes the device interrupt, and takes the interrupt.
inline External provoke(const Device& device) {
    register std::uint64_t handler asm("t0") = 0;
    register std::uint64_t claimed asm("t1");
    register auto claim asm("t3") = device.claim;
    register auto end asm("t4") = device.end;
    std::uint64_t back;
    asm volatile("csrsi sstatus, 2; sw zero, 0(%5); 1: beqz %0, 1b; rdtime %2; csrci sstatus, 2"
                 : "+r"(handler), "=&r"(claimed), "=&r"(back)
                 : "r"(claim), "r"(end), "r"(device.provoke)
                 : "t2", "memory");
    return {handler, claimed, back};
}

/// Sleeps for `ticks`.
void sleep(std::uint64_t ticks);

}  // namespace bench
