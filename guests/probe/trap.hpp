// SPDX-License-Identifier: Apache-2.0
// Runs code that may trap, and returns what happened as a Trap.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "probe/hart.hpp"

extern "C" void trap_entry();

namespace probe {

/// Codes of scause (privileged manual, "Supervisor cause values").
enum Cause : std::uint64_t {
    instruction_access_fault = 1,
    illegal_instruction = 2,
    breakpoint = 3,
    load_misaligned = 4,
    load_access_fault = 5,
    store_misaligned = 6,
    store_access_fault = 7,
    ecall_from_user = 8,
    instruction_page_fault = 12,
    load_page_fault = 13,
    store_page_fault = 15,
};

extern "C" {
std::uint64_t call_with_context(std::uint64_t pc, Context* context, std::uint64_t a0, std::uint64_t a1);
std::uint64_t enter_user_mode(std::uint64_t pc, Context* context, std::uint64_t a0, std::uint64_t a1);
[[noreturn]] void leave_context(Context* context, std::uint64_t result);
}

struct Loaded {
    Trap trap;
    std::uint64_t value;
};

/// Loads a T, extended according to its type.
template <class T>
Loaded try_load(std::uint64_t address) {
    auto& self = this_hart();
    self.trap = {};
    self.expects_trap = true;
    asm volatile("" ::: "memory");
    const auto value = static_cast<std::uint64_t>(*reinterpret_cast<volatile T*>(address));
    asm volatile("" ::: "memory");
    self.expects_trap = false;
    return {self.trap, value};
}

template <class T>
Trap try_store(std::uint64_t address, T value) {
    auto& self = this_hart();
    self.trap = {};
    self.expects_trap = true;
    asm volatile("" ::: "memory");
    *reinterpret_cast<volatile T*>(address) = value;
    asm volatile("" ::: "memory");
    self.expects_trap = false;
    return self.trap;
}

/// Jumps to `address`. Requires: the code there returns or traps.
Trap try_execute(std::uint64_t address);

enum class Mode { supervisor, user };

/// The result of a run; `a0` is the register after it.
struct RunResult {
    Trap trap;
    std::uint64_t a0;
};

/// Runs the instructions (at most 14) with a0 = `a0` and a1 = `a1`. An exception ends the run; without one it ends by
/// `ret` in S-mode and by `ecall`, with cause ecall_from_user, in U-mode.
RunResult run_instructions(Mode mode, std::initializer_list<std::uint32_t> words, std::uint64_t a0 = 0,
                           std::uint64_t a1 = 0);

/// Runs the code at `pc` like run_instructions().
RunResult run_at(Mode mode, std::uint64_t pc, std::uint64_t a0 = 0, std::uint64_t a1 = 0);

/// Returns whether the run ended without an exception of its own.
bool went_through(const Trap& trap);

}  // namespace probe
