// SPDX-License-Identifier: Apache-2.0
// Tests that what one guest does leaves another alone. beta beats; alpha does its worst.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "probe.hpp"

namespace mullion::target {
namespace {

/// Waits for so many beats that are told from now on, and returns their worst gap in ticks.
unsigned long worst_gap_after(Machine& machine, int beats) {
    unsigned long worst = 0;
    for (int i = 0; i < beats; ++i) {
        worst = std::stoul(machine.expect_line("beta", "^probe: beat \\d+ worst gap (\\d+) ticks$")[1]);
    }
    return worst;
}

TEST(SideBySide, AnAttackerDoesNotStopItsNeighbour) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    worst_gap_after(machine, 1);
    expect_cases_pass(machine, "alpha", "isolation,paging,exceptions,neighbour.random-calls",
                      {"isolation.low", "isolation.devices", "paging.table-outside", "neighbour.random-calls"});
    worst_gap_after(machine, 3);
}

TEST(SideBySide, AFloodOfLinesDoesNotStopItsNeighbour) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type("neighbour.flood\r");
    machine.expect_line("alpha", "^probe: flood 200 ");
    worst_gap_after(machine, 3);
    machine.type("x");
    machine.expect_line("alpha", "^probe: done$");
}

/// Compares beta's beats during ten reboots of alpha with those of as long a time without. The machines are
/// deterministic, so a gap is counted in instructions. The bound is 1 ms; an undisturbed beat is 10 ms.
TEST(SideBySide, ARebootDoesNotDelayItsNeighbour) {
    constexpr int reboots = 10;
    constexpr unsigned long bound = 10'000;
    constexpr int beats = 30;

    Machine undisturbed({.description = "two-probes", .deterministic = true, .short_turns = true});
    const auto quiet = worst_gap_after(undisturbed, beats);

    Machine machine({.description = "two-probes", .deterministic = true, .short_turns = true});
    for (int i = 0; i < reboots; ++i) {
        expect_ready(machine, "alpha");
        machine.type("srst.cold\r");
    }
    expect_ready(machine, "alpha");
    EXPECT_LE(worst_gap_after(machine, beats), quiet + bound);
}

/// Types the same line of text to each in turn.
TEST(SideBySide, InputGoesToOneGuest) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    expect_ready(machine, "beta");
    machine.type("base.version\r");
    machine.expect_line("alpha", "^probe: base.version ok$");
    machine.type_key('2');
    machine.expect_line("mullion", "input to beta");
    machine.type("x");
    machine.expect_line("beta", "^probe: done$");
    machine.type("base.identity\r");
    machine.expect_line("beta", "^probe: base.identity ok$");
    machine.type_key('1');
    machine.type("base.probe\r");
    machine.expect_line("alpha", "^probe: base.probe ok$");
    EXPECT_EQ(machine.transcript().find("base.identity ok"), machine.transcript().rfind("base.identity ok"));
}

/// Uses state that Mullion does not switch in both guests at once: alpha fills and compares its own without end, and
/// beta does so meanwhile.
class State : public testing::TestWithParam<std::pair<std::string, std::vector<std::string>>> {};

TEST_P(State, OfEachGuestIsItsOwn) {
    const auto& [cpu, cases] = GetParam();
    Machine machine({.description = cpu == "rv64" ? "two-probes" : "two-probes." + cpu, .cpu = cpu});
    expect_ready(machine, "alpha");
    machine.type("state.endless\r");
    machine.expect_line("alpha", "^probe: state round 1$");
    machine.type_key('2');
    machine.expect_line("mullion", "input to beta");
    machine.type("x");
    machine.expect_line("beta", "^probe: done$");
    for (int i = 0; i < 3; ++i) {
        expect_cases_pass(machine, "beta", "state", cases);
    }
    const auto at_the_end = machine.transcript().size();
    while (machine.transcript().size() == at_the_end) {
        machine.expect_line("alpha", "^probe: state round ");
    }
    machine.type_key('1');
    machine.type("x");
    machine.expect_line("alpha", "^probe: state.endless ok$");
}

const std::vector<std::string> of_every_hart{"state.floats", "state.environment", "state.zero-blocks",
                                             "state.managed-blocks"};
const std::vector<std::string> of_cpu_max{"state.floats",         "state.vectors",        "state.environment",
                                          "state.scalar-crypto",  "state.vector-crypto",  "state.zero-blocks",
                                          "state.managed-blocks", "state.masked-pointers"};
INSTANTIATE_TEST_SUITE_P(Cpu, State, testing::Values(std::pair{"rv64", of_every_hart}, std::pair{"max", of_cpu_max}),
                         [](const auto& cpu) { return cpu.param.first; });

// --- boot hart -----------------------------------------------------------------------------------------------------

class BootHart : public testing::TestWithParam<int> {};

/// boot_hart.S before OpenSBI holds the other harts back, so that this one wins OpenSBI's lottery.
TEST_P(BootHart, MayBeAnyHart) {
    const auto hart = std::to_string(GetParam());
    Machine machine({.description = "two-probes",
                     .deterministic = true,
                     .extra = {"-bios", MULLION_TARGET_FOLDER "/boot_hart_" + hart + ".elf"}});
    EXPECT_EQ(machine.expect_line("", "^Boot HART ID +: (\\d+)$")[1], hart);
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "base,ipi,hsm", {"base.version", "ipi.all", "hsm.race"});
    worst_gap_after(machine, 1);
}

INSTANTIATE_TEST_SUITE_P(Hart, BootHart, testing::Range(0, 4));

}  // namespace
}  // namespace mullion::target
