// SPDX-License-Identifier: Apache-2.0
// Ends and restarts one guest many times in a row, in every way there is, while its neighbour computes and sleeps.
// `make soak` does so for longer: MULLION_SOAK is the number of restarts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "probe.hpp"

namespace mullion::target {
namespace {

constexpr int kinds = 3;
constexpr int restarts_by_default = 20 * kinds;

int restarts_wanted() {
    const char* const wanted = std::getenv("MULLION_SOAK");
    return wanted != nullptr ? std::stoi(wanted) : restarts_by_default;
}

/// Works out a second time what neighbour.checksum must say.
class Checksum {
 public:
    std::uint64_t after(std::uint64_t round) {
        for (; round_ < round; ++round_) {
            for (int word = 0; word < 1024; ++word) {
                random_ ^= random_ << 13;
                random_ ^= random_ >> 7;
                random_ ^= random_ << 17;
                sum_ = (sum_ ^ random_) * 0x100'0000'01b3;
            }
        }
        return sum_;
    }

 private:
    std::uint64_t round_ = 0;
    std::uint64_t random_ = 1;
    std::uint64_t sum_ = 0;
};

class Neighbour {
 public:
    static constexpr unsigned long long bound = 2'000;  ///< ticks: 0.2 ms; the turns of three other harts are 0.15

    explicit Neighbour(Machine& machine) : machine_(machine) {
        machine_.type_key('2');
        machine_.type("x");
        machine_.expect_line("beta", "^probe: done$");
        machine_.type("neighbour.checksum\r");
        look();
        machine_.type_key('1');
    }

    /// Checks the next line of the neighbour.
    void look() {
        const auto line =
            machine_.expect_line("beta", "^probe: round (\\d+) checksum 0x([0-9a-f]+) late (\\d+) ticks$");
        const auto round = std::stoull(line.at(1));
        EXPECT_EQ(round, last_round_ + 10) << "a line is missing";
        last_round_ = round;
        EXPECT_EQ(std::stoull(line.at(2), nullptr, 16), expected_.after(round)) << "in round " << round;
        worst_ = std::max(worst_, std::stoull(line.at(3)));
        EXPECT_LE(worst_, bound) << "ticks late";
    }
    /// Checks every line so far.
    void look_at_all() {
        const auto end = machine_.transcript().rfind(" checksum ");
        const auto begin = machine_.transcript().rfind("round ", end) + std::string_view{"round "}.size();
        for (const auto newest = std::stoull(machine_.transcript().substr(begin, end - begin)); last_round_ < newest;) {
            look();
        }
    }
    /// Returns the most ticks by which a sleep of 10 ms was late.
    std::uint64_t worst() const { return worst_; }

 private:
    Machine& machine_;
    Checksum expected_;
    std::uint64_t last_round_ = 0;
    unsigned long long worst_ = 0;
};

/// Ends alpha, which has the input, in one of the ways, and starts it again.
void restart(Machine& machine, int kind) {
    switch (kind) {
        case 0:
            machine.type("srst.cold\r");
            machine.expect_line("mullion", "^alpha reboots$");
            break;
        case 1:
            machine.type("off\r");
            machine.expect_line("mullion", "^alpha powers off$");
            machine.type_key('r');
            break;
        default:
            machine.type("fatal.vector\r");
            machine.expect_line("mullion", "^alpha is stopped$");
            machine.type_key('r');
            break;
    }
    machine.expect_line("mullion", "^alpha starts$");
    expect_ready(machine, "alpha");
}

/// Uses a deterministic machine, so that lateness is counted in instructions (100 a tick), not in the host's time.
TEST(Soak, ManyRestartsLeaveTheNeighbourAlone) {
    const auto restarts = restarts_wanted();
    const auto told_every = std::max(10, restarts / 20);
    Machine machine({.description = "two-probes",
                     .deterministic = true,
                     .short_turns = true,
                     .limit = std::chrono::seconds(600 + 10 * restarts)});
    expect_ready(machine, "alpha");
    Neighbour neighbour(machine);
    for (int i = 1; i <= restarts && !testing::Test::HasFailure(); ++i) {
        restart(machine, i % kinds);
        neighbour.look();
        if (i % told_every == 0) {
            neighbour.look_at_all();
            std::cerr << "mullion: " << i << " of " << restarts << " restarts; the neighbour was late by "
                      << neighbour.worst() << " ticks at worst\n";
        }
    }
    neighbour.look_at_all();
    expect_cases_pass(machine, "alpha", "fresh",
                      {"fresh.registers", "fresh.csrs", "fresh.floats", "fresh.vectors", "fresh.interrupt-files",
                       "fresh.counters", "fresh.devices", "fresh.memory"});
}

}  // namespace
}  // namespace mullion::target
