// SPDX-License-Identifier: Apache-2.0
// Manages the harts of the guest: the state that assembly keeps for each, and jobs that cases run on them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/csr.hpp"
#include "common/sbi.hpp"
#include "common/tree.hpp"

namespace probe {

using namespace guest;

/// An exception as the trap handler saw it.
struct Trap {
    bool taken = false;
    std::uint64_t cause = 0;
    std::uint64_t value = 0;  ///< stval
    std::uint64_t pc = 0;     ///< sepc
};

/// Registers of interrupted code. x[0] is not used.
struct Frame {
    std::array<std::uint64_t, 32> x;
    std::uint64_t pc;
    std::uint64_t status;
};

/// Where guarded code returns to: ra, sp, s0-s11 (trap.S).
struct Context {
    std::array<std::uint64_t, 14> registers;
};

struct Hart {
    Frame frame;                              // trap.S knows the offsets of the first members
    std::uint64_t trap_stack = 0;             // end of the trap handler's stack
    std::uint64_t stack = 0;                  // end of a started hart's stack
    std::array<std::uint64_t, 5> at_start{};  // a0, a1, satp, sstatus, scounteren as a started hart found them

    std::uint64_t id = 0;
    bool expects_trap = false;
    Trap trap;
    Context* resume = nullptr;                   // traps return there instead of after the instruction
    std::uint64_t timer_again = 0;               // not 0: the handler sets the timer again, so many ticks ahead
    std::array<std::uint32_t, 16> interrupts{};  // how many of each code the handler took
    std::array<std::uint32_t, 256> claims{};     // how many of each external interrupt it claimed
    Context abandon;                             // where a failed case or job continues

    void (*job)(std::uint64_t argument) = nullptr;
    std::uint64_t argument = 0;

    alignas(16) std::array<std::byte, 4096> trap_stack_bytes;
    alignas(16) std::array<std::byte, 8192> stack_bytes;
};

Hart& hart(std::uint64_t id);
Hart& this_hart();
/// The hart that runs the cases.
Hart& boot_hart();
/// Returns the nth hart that is not the boot hart, from 0. Machines that run the probe have at least three harts
/// (need_harts()).
Hart& other_hart(std::size_t n);

const Machine& machine();
/// Returns whether the probe runs on OpenSBI without Mullion; then cases about Mullion's promises are skipped.
bool on_bare_machine();

void set_up_machine(std::uint64_t boot_hart_id, std::uint64_t tree);

/// Starts a stopped hart on `job`; it stops again when the job returns.
sbi::Result start(Hart& target, void (*job)(std::uint64_t), std::uint64_t argument = 0);
/// Waits for a hart's stop; returns whether it stopped in time.
bool wait_stopped(Hart& target);
/// Starts the job and waits for its end; a failure of either fails the case.
void run_on(Hart& target, void (*job)(std::uint64_t), std::uint64_t argument = 0);

/// Waits by WFI for `ticks` or an interrupt that is enabled in sie. With -icount a spinning hart would use up
/// everybody's time.
void sleep(std::uint64_t ticks);

inline constexpr std::uint64_t patience = 200'000'000;  ///< ticks (20 s) after which something is overdue

/// Waits until `condition()`; returns false if it does not hold within `ticks`.
bool wait_until(auto condition, std::uint64_t ticks = patience) {
    const auto deadline = now() + ticks;
    while (!condition()) {
        if (now() > deadline) {
            return false;
        }
        sleep(1000);
    }
    return true;
}

}  // namespace probe
