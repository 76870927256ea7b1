// SPDX-License-Identifier: Apache-2.0
// What a guest finds when it starts: kept before anything else changes it.
#pragma once

#include <cstdint>

#include "common/tree.hpp"

extern "C" {
extern std::uint64_t entry_registers[32];  ///< x1-x31 at _start; [0] is not zero when sscratch was not
extern std::uint64_t dirty_bss_words;
}

namespace probe {

struct FreshState {
    std::uint64_t sstatus, sie, sip, scounteren, senvcfg, satp, stvec, sepc, scause, stval;
    std::uint64_t siselect;  ///< 0 where there is no AIA
};

/// To be called first.
void keep_fresh_state(const guest::Machine& machine);
const FreshState& fresh_state();

/// Of a hart that starts: FS and VS are on where the tree names their registers, on Mullion Initial, and U-mode may
/// read cycle, time and instret.
void expect_registers_open(std::uint64_t status, std::uint64_t counters);

/// The registers of F and D with fcsr, and those of V with vcsr, of this hart. A hart without V has none to check.
bool floats_are_zero();
void fill_floats();
bool vectors_are_zero();
void fill_vectors();

}  // namespace probe
