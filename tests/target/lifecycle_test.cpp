// SPDX-License-Identifier: Apache-2.0
// Tests that guests end and begin again, by themselves, by a fault, or by the console's keys, while the others go on.
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

void expect_beats(Machine& machine, int count) {
    for (int i = 0; i < count; ++i) {
        machine.expect_line("beta", "^probe: beat ");
    }
}

/// Ends beta's heartbeat, then beta.
void switch_off_beta(Machine& machine) {
    machine.type_key('2');
    machine.type("x");
    machine.expect_line("beta", "^probe: done$");
    machine.type("off\r");
    machine.expect_line("mullion", "^beta powers off$");
}

void expect_machine_off(Machine& machine) {
    machine.expect_line("mullion", "^all guests are off: the machine powers off$");
    EXPECT_EQ(machine.exit_code(), 0);
}

class PowerOff : public testing::TestWithParam<const char*> {};

TEST_P(PowerOff, OfTheLastGuestEndsTheMachine) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    machine.type(std::string(GetParam()) + "\r");
    machine.expect_line("mullion", "^alpha powers off");
    expect_machine_off(machine);
}

INSTANTIATE_TEST_SUITE_P(Case, PowerOff,
                         testing::Values("off", "srst.failure", "srst.off-busy", "srst.off-other", "legacy.off"),
                         [](const auto& name) { return test_name(name.param); });

TEST(Lifecycle, PowerOffOfOneGuestLeavesTheOther) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type("off\r");
    machine.expect_line("mullion", "^alpha powers off$");
    expect_beats(machine, 3);
    switch_off_beta(machine);
    expect_machine_off(machine);
}

class Reboot : public testing::TestWithParam<const char*> {};

TEST_P(Reboot, StartsTheGuestAgainAndLeavesTheOther) {
    Machine machine({.description = "two-probes"});
    for (int i = 0; i < 5; ++i) {
        expect_ready(machine, "alpha");
        machine.type(std::string(GetParam()) + "\r");
        machine.expect_line("mullion", "^alpha reboots$");
    }
    expect_ready(machine, "alpha");
    expect_beats(machine, 3);
    EXPECT_EQ(machine.transcript().find("beta reboots"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Case, Reboot, testing::Values("srst.cold", "srst.warm", "srst.wide", "srst.cold-busy"),
                         [](const auto& name) { return test_name(name.param); });

void nothing_survives_a_reboot(const Options& options) {
    Machine machine(options);
    expect_ready(machine, "alpha");
    machine.type("fresh.dirty,srst.cold\r");
    machine.expect_line("alpha", "^probe: fresh.dirty ok$");
    machine.expect_line("mullion", "^alpha reboots$");
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "fresh",
                      {"fresh.registers", "fresh.csrs", "fresh.floats", "fresh.vectors", "fresh.interrupt-files",
                       "fresh.counters", "fresh.devices", "fresh.memory"});
}

TEST(Lifecycle, NothingSurvivesARebootOnRv64) {
    nothing_survives_a_reboot({.description = "one-probe"});
}

/// Reboots on harts with V.
TEST(Lifecycle, NothingSurvivesARebootOnRva23s64) {
    nothing_survives_a_reboot({.description = "one-probe.rva23s64", .cpu = "rva23s64"});
}

TEST(Lifecycle, WaitsForNoDeviceForEver) {
    Machine machine({.description = "endless-reset"});
    machine.expect_line("mullion", "^alpha starts$");
    machine.expect_line("mullion", "^alpha: a granted device does not end its reset at 0x30008070$");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: running$");
}

class Fatal : public testing::TestWithParam<const char*> {};

TEST_P(Fatal, StopsTheGuestWithAReportAndLeavesTheOther) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type(std::string(GetParam()) + "\r");
    machine.expect_line("alpha", "ends the guest$");
    machine.expect_line("mullion", "^alpha hart [0-2] did something fatal: .*");
    machine.expect_line("mullion", "pc 0x[0-9a-f]+");
    machine.expect_line("mullion", "^alpha is stopped$");
    expect_beats(machine, 3);
    // alpha still has the input, so the key starts it again, with nothing left of its last life.
    machine.type_key('r');
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "base,ipi", {"base.version", "ipi.all"});
}

INSTANTIATE_TEST_SUITE_P(Case, Fatal,
                         testing::Values("fatal.vector", "fatal.vector-device", "fatal.vector-interrupt-file",
                                         "fatal.breakpoint", "fatal.tables", "fatal.other-hart"),
                         [](const auto& name) { return test_name(name.param); });

/// Has a guest fault without end, which is no reason to stop it; its neighbour and the keys go on.
TEST(Faulting, IsToldOfWhereAGuestDoesNothingElse) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type("neighbour.faults\r");
    machine.expect_line("alpha", "^probe: faults from here on$");
    for (const auto* faults : {"32768", "65536", "131072"}) {
        machine.expect_line("mullion", std::string("^alpha hart 0 does nothing but fault: ") + faults +
                                           " in a row, the last: load access fault at pc 0x[0-9a-f]+, stval 0x0$");
    }
    expect_beats(machine, 3);
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha is restarted$");
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "isolation", {"isolation.low"});
    EXPECT_EQ(machine.transcript().find("beta hart 0 does nothing"), std::string::npos);
}

TEST(Keys, SwitchAGuestOffAndRestartIt) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type_key('o');
    machine.expect_line("mullion", "^alpha is switched off$");
    expect_beats(machine, 2);
    machine.type_key('r');
    expect_ready(machine, "alpha");
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha is restarted$");
    expect_ready(machine, "alpha");
    expect_beats(machine, 2);
}

TEST(Keys, EndTheMachine) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type_key('q');
    EXPECT_EQ(machine.exit_code(), 0);
}

TEST(Keys, ZoomPassesOneGuestsBytesAndKeepsTheOthers) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    expect_beats(machine, 1);
    machine.type_key('z');
    machine.type("base.version\r");
    machine.expect_line("", "^probe: base.version ok$");
    const auto zoomed = machine.transcript().size();
    machine.type("base.identity\r");
    machine.expect_line("", "^probe: base.identity ok$");
    EXPECT_EQ(machine.transcript().find("beta", zoomed), std::string::npos);
    machine.type_key('z');
    expect_beats(machine, 3);
    machine.type("base.probe\r");
    machine.expect_line("alpha", "^probe: base.probe ok$");
}

TEST(Keys, TellStatesAndHelp) {
    Machine machine({.description = "two-probes"});
    expect_ready(machine, "alpha");
    machine.type_key('h');
    machine.expect_line("mullion", "Ctrl-\\] then: ");
    machine.expect_line("mullion", "1 alpha has the input");
    machine.expect_line("mullion", "2 beta");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: ");
    machine.expect_line("mullion", "^beta: ");
    machine.expect_line("mullion", "alpha hart 0 exits: ");
    machine.expect_line("mullion", "beta hart 0 exits: ");
}

}  // namespace
}  // namespace mullion::target
