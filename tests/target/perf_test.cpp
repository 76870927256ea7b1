// SPDX-License-Identifier: Apache-2.0
// Runs Debian's own perf in unmodified guests: the kernel's driver finds the counters, and they count plausibly.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>

#include "machine.hpp"
#include "shell.hpp"

namespace mullion::target {
namespace {

using namespace std::chrono_literals;
using Counts = std::map<std::string, std::uint64_t>;

/// Returns what `perf stat -x,` counts of the command; it prints COUNT,UNIT,EVENT,... for each event.
Counts perf_stat(Machine& machine, Shell& shell, const std::vector<std::string>& events, const std::string& command) {
    std::string list;
    for (const auto& event : events) {
        list += (list.empty() ? "" : ",") + event;
    }
    shell.type("perf stat -x, -e " + list + " " + command + " 2>&1 >/dev/null");
    Counts counts;
    for (const auto& event : events) {
        const auto line = machine.expect_line(shell.name(), "^([^,]*),[^,]*," + event + ",");
        EXPECT_TRUE(line[1].find_first_not_of("0123456789") == std::string::npos) << line[0];
        counts[event] = std::strtoull(line[1].c_str(), nullptr, 10);
    }
    shell.expect_prompt();
    return counts;
}

/// Expects more than 10 instructions for each byte of sha256sum's 1.6 MB, and far fewer of `true`. Where the hart has
/// filters (Sscofpmf), a run of its own leaves out the kernel's share, as QEMU counts an event in one counter only.
void expect_plausible(Machine& machine, Shell& shell) {
    constexpr std::uint64_t least = 16'000'000;
    const auto busy = perf_stat(machine, shell, {"cycles", "instructions"}, "sha256sum /bin/busybox");
    const auto idle = perf_stat(machine, shell, {"cycles", "instructions"}, "true");
    for (const auto* event : {"cycles", "instructions"}) {
        EXPECT_GT(busy.at(event), least) << event;
        EXPECT_GT(idle.at(event), 0U) << event;
        EXPECT_GT(busy.at(event), idle.at(event)) << event;
    }
    if (declares("rva23s64", "sscofpmf")) {
        const auto user = perf_stat(machine, shell, {"instructions:u"}, "sha256sum /bin/busybox");
        EXPECT_GT(user.at("instructions:u"), least);
    }
}

TEST(Perf, CountsInTwoDebianGuests) {
    Machine machine({.description = "perf.rva23s64", .cpu = "rva23s64"});
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    alpha.expect_prompt();
    beta.expect_prompt();
    for (auto* shell : {&beta, &alpha}) {
        shell->take_input();
        shell->expect_answer("dmesg | grep riscv-pmu-sbi", "SBI PMU extension is available");
        expect_plausible(machine, *shell);
        // The SBI's own events: fences of the other hart's translations, which the kernel asks for by SBI.
        perf_stat(machine, *shell, {"r800000000000000a", "r800000000000000c"}, "true");
    }
    for (const auto* off : {"alpha", "beta"}) {
        (off[0] == 'a' ? alpha : beta).take_input();
        machine.type("poweroff\r");
        machine.expect_line("mullion", std::string{"^"} + off + " powers off$");
    }
    EXPECT_EQ(machine.exit_code(), 0);
}

}  // namespace
}  // namespace mullion::target
