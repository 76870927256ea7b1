// SPDX-License-Identifier: Apache-2.0
// Tests what the operator can do with a guest that has suspended itself (SBI SUSP).
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

struct Suspend : testing::Test {
    Suspend() { expect_ready(machine, "alpha"); }

    void suspend(const std::string& name) {
        machine.type(name + "\r");
        machine.expect_line("alpha", "suspends the guest$");
        // The line is out before the call is made.
        do {
            machine.type_key('s');
        } while (machine.expect_line("mullion", "^alpha: (running|suspended)$")[1] != "suspended");
    }
    Machine machine{{.description = "one-probe"}};
};

TEST_F(Suspend, IsShownAndEndsWithARestart) {
    suspend("susp.for-ever");
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha is restarted$");
    expect_ready(machine, "alpha");
    // Every hart starts, and the guest suspends again.
    expect_cases_pass(machine, "alpha", "susp.start-after,hsm.start", {"susp.start-after", "hsm.start"});
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: running$");
}

TEST_F(Suspend, EndsWhenTheGuestIsSwitchedOff) {
    suspend("susp.for-ever");
    machine.type_key('o');
    machine.expect_line("mullion", "^alpha is switched off$");
}

TEST_F(Suspend, EndsWithATypedByteThatIsNotLost) {
    suspend("susp.typed");
    machine.type("x");
    machine.expect_line("alpha", "^probe: susp.typed ok$");
}

}  // namespace
}  // namespace mullion::target
