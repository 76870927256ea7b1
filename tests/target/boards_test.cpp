// SPDX-License-Identifier: Apache-2.0
// Tests boards that QEMU itself describes (tools/qemu/board.sh): other harts, and harts in two sockets.
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

/// Gives guests harts, interrupt files and memory of two sockets. The APLIC of one socket aims at harts of the other.
/// The emulated serial port is where the description has it, and nothing is where other guests have theirs.
TEST(TwoSockets, CarryGuestsAcrossThem) {
    Machine machine({.description = "far-probe.sockets",
                     .extra = {"-smp", "8,sockets=2", "-object", "memory-backend-ram,id=m0,size=1G", "-object",
                               "memory-backend-ram,id=m1,size=1G", "-numa", "node,cpus=0-3,memdev=m0", "-numa",
                               "node,cpus=4-7,memdev=m1"}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha",
                      "aplic.rtc-each-hart,imsic.own-file,imsic.ping-pong,ipi.ping-pong,hsm.start,uart.loopback-data,"
                      "uart.interrupt,isolation.devices",
                      {"aplic.rtc-each-hart", "imsic.own-file", "imsic.ping-pong", "ipi.ping-pong", "hsm.start",
                       "uart.loopback-data", "uart.interrupt", "isolation.devices"});
    machine.expect_line("beta", "^probe: beat 20 ");
}

/// Expects a line of every guest, whatever its neighbours do at the time.
TEST(ThirtyTwoGuests, AllStart) {
    Machine machine({.description = "crowd-32-32.32x2G"});
    machine.expect_line("mullion", "^all guests are off: the machine powers off$");
    for (int i = 0; i < 32; ++i) {
        const auto line = "g" + std::to_string(i) + (i < 10 ? "     | " : "    | ") + "muster: 1 of 1 harts";
        EXPECT_NE(machine.transcript().find(line), std::string::npos) << machine.transcript();
    }
    // Much output still waits for the UART when the last guest is off; it all comes before the machine ends.
    EXPECT_EQ(machine.exit_code(), 0);
    EXPECT_TRUE(machine.transcript().ends_with("\x1b[0m\x1b[?7h")) << machine.transcript();
}

/// Uses a deterministic machine: 64 threads of QEMU's on few processors may need longer than the 10 s in which harts
/// must arrive.
TEST(SixtyFourHarts, OfTwoSocketsStartForOneGuest) {
    Machine machine({.description = "crowd-1-64.2-sockets",
                     .cpu = "rv64,debug=off",
                     .deterministic = true,
                     .extra = {"-smp", "64,sockets=2", "-object", "memory-backend-ram,id=m0,size=1G", "-object",
                               "memory-backend-ram,id=m1,size=1G", "-numa", "node,cpus=0-31,memdev=m0", "-numa",
                               "node,cpus=32-63,memdev=m1"}});
    machine.expect_line("g0", "^muster: 64 of 64 harts$");
}

/// Boots on a machine with a hart that the board file leaves out; the firmware enters on another one.
TEST(GapInHartIds, IsNobodysHart) {
    Machine machine(
        {.description = "gaps", .deterministic = true, .extra = {"-bios", MULLION_TARGET_FOLDER "/boot_hart_0.elf"}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "ipi.all,hsm.start,imsic.ping-pong,aplic.rtc-each-hart,rfence.sfence",
                      {"ipi.all", "hsm.start", "imsic.ping-pong", "aplic.rtc-each-hart", "rfence.sfence"});
}

/// Boots images for lesser harts on harts that have everything.
class Beyond : public testing::TestWithParam<std::string> {};

TEST_P(Beyond, WhatIsDeclaredIsHidden) {
    Machine machine({.description = GetParam(), .cpu = "max"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha",
                      "exceptions.hidden,exceptions.not-switched,fresh,imsic.own-file,time.interrupt,state",
                      {"exceptions.hidden", "exceptions.not-switched", "fresh.csrs", "imsic.own-file", "time.interrupt",
                       "state.floats"});
}

INSTANTIATE_TEST_SUITE_P(OfQemu, Beyond,
                         testing::Values("one-probe", "one-probe.rv64-sstc-off", "one-probe.rv64-zicboz-off"),
                         [](const auto& image) { return test_name(image.param); });

class Cpu : public testing::TestWithParam<std::string> {};

TEST_P(Cpu, CarriesAGuest) {
    Machine machine({.description = "one-probe." + GetParam(), .cpu = GetParam()});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha",
                      "fresh,time.interrupt,ipi.other,imsic.interrupt,isolation.high,exceptions.named-extensions",
                      {"fresh.csrs", "time.interrupt", "ipi.other", "imsic.interrupt", "isolation.high",
                       "exceptions.named-extensions"});
}

INSTANTIATE_TEST_SUITE_P(OfQemu, Cpu, testing::Values("max", "tt-ascalon", "veyron-v1"),
                         [](const auto& cpu) { return test_name(cpu.param); });

}  // namespace
}  // namespace mullion::target
