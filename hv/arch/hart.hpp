// SPDX-License-Identifier: Apache-2.0
// The context at the top of each hart's stack block: the guest's registers, and what the hart must find without help.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout_of.hpp"
#include "core/message.hpp"

namespace mullion {
struct VCpu;
namespace run {
struct Vm;
}
}  // namespace mullion

namespace mullion::arch {

struct alignas(16) HartContext {
    std::array<std::uint64_t, 32> gpr;  ///< of the guest; written only as far as the exit needs (trap.h). gpr[0] is 0
    std::uint64_t fixup;                ///< where a guarded access goes on when it traps; 0: traps are bugs
    std::uint64_t fault;                ///< scause of the last guarded access that trapped
    std::uint64_t spare;                ///< of trap.h
    std::uint64_t index;                ///< in Board::harts
    VCpu* vcpu;                         ///< null on a hart that belongs to no guest
    run::Vm* vm;                        ///< its guest; null as well
    std::uint64_t* time_calls;          ///< where timer/sbi_time.S counts the calls that it answers
    std::uint64_t guest_timer;          ///< of timer/sbi_time.hpp: when the guest's is due
    std::uint64_t own_timer;            ///< likewise: when the hypervisor's is
    std::uint64_t armed_timer;          ///< likewise: when the firmware's interrupts
    MessageWord messages;               ///< from other harts (arch/irq/without_imsic.hpp)
    std::uint32_t padding[3];
};

/// Finds the context of the calling hart: its stack block is aligned to its size, and sp is inside it.
inline HartContext& this_hart() {
    std::uintptr_t sp;
    asm("mv %0, sp" : "=r"(sp));
    return *reinterpret_cast<HartContext*>(align_down(sp, stack_block) + stack_block - sizeof(HartContext));
}

/// Returns the context of one of the board's harts.
HartContext& context_of(const Hart& hart);

/// The registers that C++ preserves and trap.h saves only for exceptions that take them, a bit each: gp, tp, s0-s11.
inline constexpr std::uint32_t cpp_preserves = 0x0ffc'0318;
constexpr bool is_preserved(unsigned reg) {
    return (cpp_preserves >> reg & 1) != 0;
}

/// Gives up everything on the calling hart's stack and goes on in park_entry (run/park.cpp).
[[noreturn]] void park();

/// Enters VS-mode with the registers of the hart's context. Requires: sepc, sstatus and hstatus are set.
[[noreturn]] void enter_guest();

}  // namespace mullion::arch
