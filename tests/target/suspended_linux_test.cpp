// SPDX-License-Identifier: Apache-2.0
// Suspends a Debian guest to RAM (SBI SUSP) beside one that works.
#include <gtest/gtest.h>

#include "shell.hpp"

namespace mullion::target {
namespace {

TEST(SuspendedLinux, WakesByATypedByteBesideABusyNeighbour) {
    Machine machine({.description = "two-linux"});
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    alpha.expect_prompt();
    beta.expect_prompt();
    beta.take_input();
    beta.expect_answer("while :; do sha256sum /bin/busybox; done >/dev/null & echo busy $((6 * 7))", "^busy 42$");

    alpha.take_input();
    alpha.type(
        "echo enabled >/sys/class/tty/ttyS0/power/wakeup; echo mem >/sys/power/state; echo awake $((6 * 7)) on "
        "$(nproc)");
    machine.expect_line("alpha", "PM: suspend entry \\(deep\\)$");
    do {
        machine.type_key('s');
    } while (machine.expect_line("mullion", "^alpha: (running|suspended)$")[1] != "suspended");

    beta.take_input();
    beta.expect_answer("echo works $((6 * 7))", "^works 42$");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: suspended$");

    alpha.take_input();
    machine.type("\r");
    machine.expect_line("alpha", "PM: suspend exit$");
    machine.expect_line("alpha", "^awake 42 on 2$");
    beta.take_input();
    beta.expect_answer("echo works $((6 * 7))", "^works 42$");
}

}  // namespace
}  // namespace mullion::target
