// SPDX-License-Identifier: Apache-2.0
// Starts all of its harts, one after the other, says how many there are, and powers off.
#include <cstdint>

#include "common/print.hpp"
#include "common/sbi.hpp"
#include "common/tree.hpp"

extern "C" void report();

namespace {

/// The sum of the ids of harts that have run.
volatile std::uint32_t reported = 0;

/// Starts a hart, and returns whether it runs. Waits for its answer in memory, so that there is only one SBI call for
/// each hart.
bool comes(std::uint64_t hart) {
    const auto before = reported;
    const auto argument = reinterpret_cast<std::uint64_t>(&reported);
    if (guest::sbi::hart_start(hart, reinterpret_cast<std::uint64_t>(&report), argument).error != 0) {
        return false;
    }
    while (reported == before) {
        asm volatile(".insn i 0x0f, 0, x0, x0, 0x010");  // pause
    }
    return reported == before + hart;
}

}  // namespace

extern "C" void muster(std::uint64_t self, std::uint64_t tree) {
    const auto harts = guest::read_tree(tree).harts;
    std::uint64_t present = 1;
    for (std::uint64_t hart = 0; hart < harts; ++hart) {
        present += hart != self && comes(hart) ? 1 : 0;
    }
    guest::print("muster: ", present, " of ", harts, " harts");
    guest::sbi::reset(0, 0);
}
