// SPDX-License-Identifier: Apache-2.0
// What a guest finds when it starts: kept before anything else changes it.
#pragma once

#include <array>
#include <cstdint>

extern "C" {
extern std::uint64_t entry_registers[32];  ///< x1-x31 at _start; [0] is not zero when sscratch was not
extern std::uint64_t dirty_bss_words;
}

namespace probe {

struct FreshState {
    std::uint64_t sstatus, sie, sip, scounteren, senvcfg, satp, stvec, sepc, scause, stval, siselect;
};

/// To be called first.
void keep_fresh_state();
const FreshState& fresh_state();

using Floats = std::array<std::uint64_t, 32>;
Floats read_floats();
void write_floats(std::uint64_t value);

}  // namespace probe
