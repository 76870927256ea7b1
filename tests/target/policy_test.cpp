// SPDX-License-Identifier: Apache-2.0
// Tests what follows when a guest ends, and when guests start, by the policies of dts/policies.dts.
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

struct Policy : testing::Test {
    Policy() { expect_ready(machine, "alpha"); }

    void crash_alpha() {
        machine.type("fatal.vector\r");
        machine.expect_line("mullion", "^alpha is stopped$");
    }

    /// Switches the input to a guest that is off, and starts it.
    void start_gamma() {
        machine.type_key('3');
        machine.type_key('r');
        expect_ready(machine, "gamma");
    }

    /// Returns the place of the first line with this text in the transcript so far.
    std::size_t place_of(const std::string& text) { return machine.transcript().find(text); }

    Machine machine{{.description = "policies"}};
};

TEST_F(Policy, StartsGuestsInTheirOrder) {
    expect_ready(machine, "beta");
    EXPECT_LT(place_of("| alpha starts"), place_of("| beta starts"));
    EXPECT_EQ(place_of("gamma starts"), std::string::npos);
    machine.type_key('s');
    machine.expect_line("mullion", "^gamma: off$");
    start_gamma();
}

TEST_F(Policy, RestartsAfterACrashUpToTheLimit) {
    for (int restarts = 0; restarts < 2; ++restarts) {
        crash_alpha();
        machine.expect_line("mullion", "^alpha starts$");
        expect_ready(machine, "alpha");
    }
    crash_alpha();
    machine.expect_line("mullion", "^alpha was restarted 2 times in 3600 s: it stays off$");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: crashed$");
    // The limit does not hold for the operator, whose start also ends the count of earlier restarts.
    machine.type_key('r');
    expect_ready(machine, "alpha");
    crash_alpha();
    expect_ready(machine, "alpha");
}

TEST_F(Policy, LimitsEachCauseByItself) {
    crash_alpha();
    expect_ready(machine, "alpha");
    machine.type("srst.cold\r");
    machine.expect_line("mullion", "^alpha reboots$");
    expect_ready(machine, "alpha");
    machine.type("srst.warm\r");
    machine.expect_line("mullion", "^alpha was restarted 1 time in 3600 s: it stays off$");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: off$");
}

TEST_F(Policy, RestartsAfterAPowerOffAndStaysOffAfterAReboot) {
    expect_ready(machine, "beta");
    machine.type_key('2');
    machine.type("off\r");
    machine.expect_line("mullion", "^beta powers off$");
    expect_ready(machine, "beta");
    machine.type("srst.cold\r");
    machine.expect_line("mullion", "^beta reboots$");
    machine.type_key('s');
    machine.expect_line("mullion", "^beta: off$");
}

/// Has the guest spin for ever with interrupts off on all of its harts.
TEST_F(Policy, RestartsAfterTheWatchdogUpToTheLimit) {
    machine.type("watchdog.bites\r");
    machine.expect_line("mullion", "^alpha did not kick its watchdog in time$");
    machine.expect_line("mullion", "^alpha starts$");
    expect_ready(machine, "alpha");
    machine.type("watchdog.bites-from-a-stopped-hart\r");
    machine.expect_line("mullion", "^alpha did not kick its watchdog in time$");
    machine.expect_line("mullion", "^alpha was restarted 1 time in 3600 s: it stays off$");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: crashed$");
}

TEST_F(Policy, HaltsTheMachine) {
    start_gamma();
    machine.type("off\r");
    machine.expect_line("mullion", "^the policy of gamma halts the machine$");
    EXPECT_EQ(machine.exit_code(), 0);
}

TEST_F(Policy, HaltsTheMachineAfterACrash) {
    start_gamma();
    machine.type("fatal.vector\r");
    machine.expect_line("mullion", "^gamma is stopped$");
    machine.expect_line("mullion", "^the policy of gamma halts the machine$");
    EXPECT_EQ(machine.exit_code(), 0);  // docs/decisions/0009: QEMU tells no reason
}

/// Expects that the others do not wait for a guest that does not start.
TEST(StartOrder, OfAGuestThatIsSwitchedOffBeforeItsTurn) {
    Machine machine({.description = "policies"});
    machine.expect_line("mullion", "Ctrl-\\] h help");
    machine.type_key('o');
    machine.expect_line("mullion", "^alpha is switched off before it started$|^alpha is switched off$");
    expect_ready(machine, "beta");
}

}  // namespace
}  // namespace mullion::target
