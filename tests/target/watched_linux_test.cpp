// SPDX-License-Identifier: Apache-2.0
// Tests the emulated watchdog with Debian's own module, and how Debian ends when its operator asks.
#include <gtest/gtest.h>

#include "shell.hpp"

namespace mullion::target {
namespace {

TEST(WatchedLinux, IsRestartedWhenItKicksNoMore) {
    Machine machine({.description = "watched-linux"});
    Shell alpha(machine, "alpha", '1');
    alpha.expect_prompt();
    alpha.expect_answer("cd /lib/modules; insmod watchdog.ko.xz; insmod sunxi_wdt.ko.xz; ls /dev/watchdog",
                        "^/dev/watchdog$");
    // This sleeps longer than the watchdog waits, which is kicked meanwhile.
    alpha.expect_answer("watchdog -T 8 -t 1 /dev/watchdog; sleep 10; echo alive $((6 * 7))", "^alive 42$");
    alpha.type("killall -9 watchdog");
    machine.expect_line("mullion", "^alpha did not kick its watchdog in time$");
    machine.expect_line("mullion", "^alpha starts$");
    machine.expect_line("alpha", "Run /init as init process");
    alpha.expect_prompt();
    alpha.type("poweroff");
    machine.expect_line("mullion", "^alpha powers off$");
    EXPECT_EQ(machine.exit_code(), 0);
}

/// Expects that the kernel powers off by itself, as no process would do it: the shell sleeps.
TEST(AskedLinux, PowersOffByItself) {
    Machine machine({.description = "watched-linux"});
    Shell alpha(machine, "alpha", '1');
    alpha.expect_prompt();
    alpha.type("sleep 1000");
    machine.type_key('o');
    machine.expect_line("mullion", "^alpha is asked to end, and has 20 s$");
    machine.expect_line("alpha", "sysrq: Emergency Sync$");
    machine.expect_line("alpha", "sysrq: Emergency Remount R/O$");
    machine.expect_line("alpha", "sysrq: Power Off$");
    machine.expect_line("mullion", "^alpha powers off$");
    EXPECT_EQ(machine.exit_code(), 0);
}

}  // namespace
}  // namespace mullion::target
