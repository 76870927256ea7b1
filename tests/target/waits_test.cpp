// SPDX-License-Identifier: Apache-2.0
// Tests that a guest whose output nobody takes waits without harm to others, and misses nothing that comes meanwhile
// (guests/probe/case_console.cpp).
#include <gtest/gtest.h>

#include <string>

#include "probe.hpp"

namespace mullion::target {
namespace {

class Stuck : public testing::TestWithParam<std::string> {
 protected:
    Machine machine_{{.description = "one-probe", .platform = GetParam()}};

    /// Starts a case. The test reads nothing after that: the pipe fills, then QEMU's UART, then the guest's ring.
    void run(const std::string& name) {
        expect_ready(machine_, "alpha");
        machine_.type(name + "\r");
        machine_.expect_line("alpha", "jams$");
    }
};

/// Expects that the call takes the guest's timer interrupts, a sibling's fences, and that sibling's order to end.
TEST_P(Stuck, TakesInterruptsInABlockingCall) {
    run("console.waits-byte");
    EXPECT_EQ(machine_.exit_code_unread(), 0);
}

TEST_P(Stuck, TakesInterruptsInTheLegacyCall) {
    run("console.waits-putchar");
    EXPECT_EQ(machine_.exit_code_unread(), 0);
}

/// Ends the guest by its watchdog, with all of its interrupts off. By its policy it stays off, which ends the machine.
TEST_P(Stuck, IsResetByItsWatchdogInABlockingCall) {
    run("console.watchdog");
    EXPECT_EQ(machine_.exit_code_unread(), 0);
}

INSTANTIATE_TEST_SUITE_P(Platform, Stuck, testing::Values("qemu", "qemu-plic", "qemu-aplic"),
                         [](const auto& platform) { return test_name(platform.param); });

class Slow : public testing::TestWithParam<std::string> {};

/// Expects an interrupt when there is room again, whatever the harts that could take it are doing.
TEST_P(Slow, FindsTheTransmitterEmptyBesideAHartThatStops) {
    Machine machine({.description = "one-probe", .platform = GetParam()});
    expect_ready(machine, "alpha");
    machine.type("console.room-again\r");
    machine.expect_line("alpha", "^probe: console.room-again ok$");
}

INSTANTIATE_TEST_SUITE_P(Platform, Slow, testing::Values("qemu", "qemu-plic", "qemu-aplic"),
                         [](const auto& platform) { return test_name(platform.param); });

}  // namespace
}  // namespace mullion::target
