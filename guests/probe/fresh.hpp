// SPDX-License-Identifier: Apache-2.0
// Saves the state that a guest finds when it starts, before anything changes it.
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
    std::uint64_t siselect;  ///< 0 without AIA
};

/// Saves the state. Requires: called first.
void keep_fresh_state(const guest::Machine& machine);
const FreshState& fresh_state();

/// Checks a hart that starts: FS and VS are on if the tree names their extensions, with Mullion Initial, and U-mode may
/// read cycle, time and instret.
void expect_registers_open(std::uint64_t status, std::uint64_t counters);

/// Check and fill this hart's registers of F and D with fcsr, and of V with vcsr. A hart without V has none to check.
bool floats_are_zero();
void fill_floats();
bool vectors_are_zero();
void fill_vectors();

}  // namespace probe
