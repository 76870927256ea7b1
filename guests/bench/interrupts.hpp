// SPDX-License-Identifier: Apache-2.0
// Waits for interrupts in as few instructions as possible. They are off (sstatus.SIE) except at the one instruction
// where one is expected. WFI ends anyway for an interrupt that is enabled in sie (privileged manual, "Wait for
// Interrupt").
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

/// Selects the timer: stimecmp with Sstc, else the SBI's.
void use_stimecmp(bool has_sstc);
void set_timer(std::uint64_t at);

/// Enables one interrupt on the calling hart: a bit of sie, with its handler (start.S).
void expect_only(std::uint64_t interrupt, void (*handler)());

/// Sleeps until an interrupt arrives, and takes it. Returns the time at the handler's first instruction.
inline std::uint64_t await_asleep() {
    register std::uint64_t at asm("t0") = 0;
    asm volatile("1: wfi; csrsi sstatus, 2; csrci sstatus, 2; beqz %0, 1b" : "+r"(at) : : "t1", "memory");
    return at;
}

/// Waits for an interrupt in a loop of one instruction. Returns the time at the handler's first instruction.
inline std::uint64_t await_running() {
    register std::uint64_t at asm("t0") = 0;
    asm volatile("csrsi sstatus, 2; 1: beqz %0, 1b; csrci sstatus, 2" : "+r"(at) : : "t1", "memory");
    return at;
}

/// Times of a device's interrupt: at the handler's first instruction, after its claim, and back in the interrupted
/// code.
struct External {
    std::uint64_t handler;
    std::uint64_t claimed;
    std::uint64_t back;
};

/// Addresses of a device's registers. `claim` is the PLIC's, if there is one.
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
