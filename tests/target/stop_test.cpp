// SPDX-License-Identifier: Apache-2.0
// Tests stops by the operator, which guests are asked for and given some time. The guests of dts/stops.dts sleep while
// they wait, so that on a deterministic machine their seconds pass quickly.
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

struct Stop : testing::Test {
    Stop() {
        expect_ready(machine, "alpha");
        expect_ready(machine, "beta");
    }

    void run(const std::string& guest, const std::string& name) {
        machine.type(name + "\r");
        machine.expect_line(guest, "^probe: " + name + " waits$");
    }
    void expect(const std::string& line) { machine.expect_line("mullion", "^" + line + "$"); }
    bool was_said(const std::string& text) const { return machine.transcript().find(text) != std::string::npos; }

    Machine machine{{.description = "stops", .deterministic = true}};
};

TEST_F(Stop, IsAskedForAndAnswered) {
    run("alpha", "sse.asked");
    machine.type_key('o');
    expect("alpha is asked to end, and has 3 s");
    expect("alpha powers off");
    machine.type_key('s');
    expect("alpha: off");
    EXPECT_FALSE(was_said("in time"));
}

/// Restarts a guest whose policy would leave it off.
TEST_F(Stop, IsARestartIfThatWasOrdered) {
    run("alpha", "sse.asked");
    machine.type_key('r');
    expect("alpha is asked to end, and has 3 s");
    expect("alpha powers off");
    expect("alpha starts");
    expect_ready(machine, "alpha");
    // The next life knows nothing of that stop: it is asked anew, and ended when it does not answer.
    run("alpha", "sse.ignores");
    machine.type_key('r');
    expect("alpha is asked to end, and has 3 s");
    machine.expect_line("alpha", "^probe: was asked$");
    expect("alpha did not end in time");
    expect("alpha is restarted");
    expect_ready(machine, "alpha");
}

TEST_F(Stop, IsForcedByTheSecondOrder) {
    run("alpha", "sse.ignores");
    machine.type_key('o');
    expect("alpha is asked to end, and has 3 s");
    machine.type_key('o');
    expect("alpha is switched off");
    EXPECT_FALSE(was_said("in time"));
}

TEST_F(Stop, IsForcedWhereNobodyListens) {
    machine.type_key('o');
    expect("alpha cannot be asked to end: it does not listen");
    expect("alpha is switched off");
    machine.type_key('2');
    machine.type_key('o');
    expect("beta cannot be asked to end: it does not listen");
    expect("beta is switched off");
}

/// Expects the keys of SysRq, by which Linux is asked; first types the key that sends a break.
TEST_F(Stop, IsAskedForByTheKeysOfSysRq) {
    machine.type_key('2');
    run("beta", "uart.sysrq");
    machine.type_key('b');
    machine.type("x");
    machine.expect_line("beta", "^probe: break and x$");
    machine.type_key('r');
    expect("beta is asked to end, and has 20 s");
    for (const std::string key : {"s", "u", "o"}) {
        machine.expect_line("beta", "^probe: break and " + key + "$");
    }
    expect("beta powers off");
    expect("beta starts");
    expect_ready(machine, "beta");
}

TEST_F(Stop, LeavesAHangingGuestAnInterruptThatItCannotMask) {
    machine.type_key('i');
    expect("alpha cannot be interrupted: it has no software event enabled");
    run("alpha", "sse.operator");
    machine.type_key('i');
    expect("alpha is interrupted on 1 hart");
    machine.expect_line("alpha", "^probe: sse.operator ok$");
}

}  // namespace
}  // namespace mullion::target
