// SPDX-License-Identifier: Apache-2.0
// Runs unmodified Debian guests side by side, which is what Mullion is for.
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "machine.hpp"
#include "shell.hpp"

namespace mullion::target {
namespace {

using namespace std::chrono_literals;

/// Pastes more than a serial port's FIFO takes, of which nothing may be lost; and only when the shell runs the command,
/// since the terminal is raw while the shell prompts, and Ctrl-D would not end cat.
void expect_pasted(Machine& machine, Shell& shell) {
    const std::string line(40, 'x');
    std::string text;
    for (int i = 0; i < 50; ++i) {
        text += line + "\r";
    }
    shell.type("echo paste $((50 * 41)) bytes; cat >/pasted");
    machine.expect_line(shell.name(), "^paste 2050 bytes$");
    machine.type(text + "\x04");
    shell.expect_prompt();
    shell.expect_answer("wc -c </pasted", "^" + std::to_string(text.size()) + "$");
    shell.expect_answer("sort -u /pasted", "^" + line + "$");
}

void two_debian_guests_work(const Options& options) {
    Machine machine(options);
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    alpha.expect_prompt();
    beta.expect_prompt();
    for (const auto* guest : {"alpha", "beta"}) {
        const std::regex seeded(std::string(guest) + " *\\| \\[    0\\.0[0-9]*\\] random: crng init done");
        EXPECT_TRUE(std::regex_search(machine.transcript(), seeded)) << guest << " got no seed of its own";
    }

    alpha.expect_answer("nproc", "^2$");
    alpha.expect_answer("echo answer $((6 * 7)) from $(hostname)", "^answer 42 from alpha$");
    expect_pasted(machine, alpha);
    beta.take_input();
    beta.expect_answer("nproc", "^2$");
    beta.expect_answer("echo answer $((6 * 7)) from $(hostname)", "^answer 42 from beta$");

    beta.type("poweroff");
    machine.expect_line("mullion", "^beta powers off$");
    alpha.take_input();
    alpha.expect_answer("echo still $((40 + 2))", "^still 42$");

    alpha.type("reboot");
    machine.expect_line("mullion", "^alpha reboots$");
    alpha.expect_prompt();
    alpha.expect_answer("nproc", "^2$");
    alpha.type("poweroff");
    machine.expect_line("mullion", "^alpha powers off$");
    EXPECT_EQ(machine.exit_code(), 0);
}

TEST(TwoDebianGuests, WorkOnRv64) {
    two_debian_guests_work({.description = "two-linux"});
}

TEST(TwoDebianGuests, WorkOnRva23s64) {
    two_debian_guests_work({.description = "two-linux.rva23s64", .cpu = "rva23s64"});
}

TEST(TwoDebianGuests, WorkWithAPlic) {
    two_debian_guests_work({.description = "two-linux", .platform = "qemu-plic"});
}

TEST(TwoDebianGuests, WorkWithAnAplicAlone) {
    two_debian_guests_work({.description = "two-linux", .platform = "qemu-aplic"});
}

// --- exits ---------------------------------------------------------------------------------------------------------

/// Returns the exits of each hart: "alpha hart 0" -> "sbi base 3, mmio uart 12". A line that ends in a comma goes on in
/// the next one.
std::map<std::string, std::string> exits(Machine& machine) {
    std::map<std::string, std::string> result;
    machine.type_key('s');
    for (const std::string hart : {"alpha hart 0", "alpha hart 1", "beta hart 0", "beta hart 1"}) {
        auto line = machine.expect_line("mullion", "^ *" + hart + " exits: (.*)$")[1];
        while (line.ends_with(',')) {
            line += machine.expect_line("mullion", "^ +(.*)$")[1];
        }
        result[hart] = line;
    }
    return result;
}

/// Keeps both harts busy computing, making processes, and waiting for timers. The console is quiet: what the kernel
/// says of a slow machine stays in its log.
void keep_busy(Shell& shell) {
    shell.expect_answer(
        "dmesg -n 1; for i in 1 2; do while :; do sha256sum /bin/busybox; usleep 1000; done >/dev/null & done; "
        "echo both $((1 + 1))",
        "^both 2$");
}

/// Removes what asking for the exits costs: its keys and lines interrupt the hart that serves the console's input,
/// which is alpha's first.
std::map<std::string, std::string> without_console_interrupts(std::map<std::string, std::string> exits) {
    static const std::regex interrupts("(external|timer) interrupt \\d+");
    exits.at("alpha hart 0") = std::regex_replace(exits.at("alpha hart 0"), interrupts, "");
    return exits;
}

TEST(TwoDebianGuests, DoNotExitWhileBusyForAMinute) {
    Machine machine({.description = "two-linux"});
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    alpha.expect_prompt();
    beta.expect_prompt();
    beta.take_input();
    keep_busy(beta);
    alpha.take_input();
    keep_busy(alpha);
    std::this_thread::sleep_for(5s);
    const auto before = without_console_interrupts(exits(machine));
    std::this_thread::sleep_for(60s);
    const auto after = without_console_interrupts(exits(machine));
    EXPECT_EQ(before, after) << machine.transcript();

    // A line of output causes exits, which the counters must show.
    alpha.expect_answer("echo forced $((2 * 21))", "^forced 42$");
    EXPECT_NE(after, without_console_interrupts(exits(machine)));
}

TEST(LinuxAndHello, WorkSideBySide) {
    Machine machine({.description = "linux-and-hello"});
    Shell alpha(machine, "alpha", '1');
    machine.expect_line("hello", "^hello from hart 0");
    alpha.expect_prompt();
    alpha.expect_answer("nproc", "^2$");
    machine.expect_line("hello", "^hello is alive$");
    machine.type_key('2');
    machine.type("z");
    machine.expect_line("hello", "^hello heard: z$");
    machine.type("q");
    machine.expect_line("mullion", "^hello powers off$");
    alpha.take_input();
    alpha.expect_answer("echo still $((40 + 2))", "^still 42$");
}

}  // namespace
}  // namespace mullion::target
