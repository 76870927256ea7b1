// SPDX-License-Identifier: Apache-2.0
// Runs a guest that attacks (guests/siege) beside one that watches over what is its own. MULLION_SIEGE_SECONDS is how
// long a platform is attacked, by wall clock, instead of for a few lives; MULLION_SIEGE_SEED is the first seed.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "probe.hpp"

namespace mullion::target {
namespace {

using std::chrono::steady_clock;

unsigned long number(const char* variable, unsigned long otherwise) {
    const char* const text = std::getenv(variable);
    return text != nullptr && *text != '\0' ? std::stoul(text) : otherwise;
}

const auto seconds = number("MULLION_SIEGE_SECONDS", 0);
const auto first_seed = number("MULLION_SIEGE_SEED", 1);
/// Returns a number of lives that takes some twenty seconds; a life without interrupt files is shorter.
unsigned lives_on(const std::string& platform) {
    return platform == "qemu" ? 8 : 12;
}

Options besieged(const std::string& platform, std::vector<std::string> extra = {}) {
    return {.description = "siege",
            .platform = platform,
            .extra = std::move(extra),
            .limit = std::chrono::seconds{seconds + 600}};
}

/// Waits until the attacker's next life has begun. It reboots when it is done, or ends otherwise and is restarted;
/// where it has hung itself with its watchdog off, the operator restarts it.
void await_ready(Machine& machine) {
    while (!machine.sees_line("alpha", "siege: ready$", std::chrono::seconds{30})) {
        machine.type_key('r');
    }
}

void live(Machine& machine, unsigned long seed, unsigned steps) {
    await_ready(machine);
    machine.type(std::to_string(seed) + ' ' + std::to_string(steps) + '\r');
}

class Siege : public testing::TestWithParam<std::string> {};

TEST_P(Siege, LeavesTheNeighbourAlone) {
    Machine machine(besieged(GetParam()));
    machine.expect_line("beta", "^victim: watches$");
    const auto until = steady_clock::now() + std::chrono::seconds{seconds};
    auto seed = first_seed;
    for (; seed < first_seed + lives_on(GetParam()) || steady_clock::now() < until; ++seed) {
        live(machine, seed, 4000);
    }
    await_ready(machine);
    const auto seen = machine.transcript().size();
    while (machine.transcript().size() == seen) {
        machine.expect_line("beta", "^victim: round ");
    }
    // Only whole reports count: a guest that jumps anywhere may come into the middle of the code that prints one.
    for (const auto* const sign : {"siege: FAILED", "victim: FAILED", "PANIC"}) {
        const auto at = machine.transcript().find(sign);
        EXPECT_EQ(at, std::string::npos) << "seeds from " << first_seed << " to " << seed - 1 << ":\n"
                                         << machine.transcript();
    }
}

INSTANTIATE_TEST_SUITE_P(Platform, Siege, testing::Values("qemu", "qemu-plic", "qemu-aplic"),
                         [](const auto& platform) { return test_name(platform.param); });

struct Defect {
    std::string name;
    std::string sign;  ///< of who notices
};

/// Besieges hypervisors with one check less (cmake/planted.cmake).
class SiegeOfADefect : public testing::TestWithParam<Defect> {};

TEST_P(SiegeOfADefect, IsNoticed) {
    constexpr unsigned patience = 50;
    const auto& [name, sign] = GetParam();
    Machine machine(besieged("qemu", {"-kernel", planted(name, "siege")}));
    machine.expect_line("beta", "^victim: watches$");
    const auto is_noticed = [&] { return machine.transcript().find(sign) != std::string::npos; };
    try {
        for (unsigned long seed = 1; seed <= patience && !is_noticed(); ++seed) {
            live(machine, seed, 4000);
        }
    } catch (const std::runtime_error&) {  // a panic ends the machine
    }
    EXPECT_TRUE(is_noticed()) << machine.transcript();
}

INSTANTIATE_TEST_SUITE_P(Defect, SiegeOfADefect,
                         testing::Values(Defect{"unchecked-memory", "PANIC on hart"},
                                         Defect{"unchecked-mask", "PANIC on hart"},
                                         Defect{"foreign-hart", "victim: FAILED: pending interrupts"}),
                         [](const auto& defect) { return test_name(defect.param.name); });

}  // namespace
}  // namespace mullion::target
