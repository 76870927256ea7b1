// SPDX-License-Identifier: Apache-2.0
// Tests the random seeds in guests' trees: new ones at each start, and none where the machine has none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "probe.hpp"

namespace mullion::target {
namespace {

std::string seed_of(Machine& machine, std::string_view guest) {
    machine.type("fresh.seed\r");
    const auto seed = machine.expect_line(guest, "^probe: seed (.*)$")[1];
    machine.expect_line(guest, "^probe: done$");
    return seed;
}

/// Returns the seeds of alpha's first two lives, and of beta's first.
std::vector<std::string> seeds_of(const Options& options) {
    Machine machine(options);
    std::vector<std::string> seeds;
    expect_ready(machine, "alpha");
    seeds.push_back(seed_of(machine, "alpha"));
    machine.type_key('r');
    expect_ready(machine, "alpha");
    seeds.push_back(seed_of(machine, "alpha"));
    machine.type_key('2');
    machine.type("x");
    machine.expect_line("beta", "^probe: done$");
    seeds.push_back(seed_of(machine, "beta"));
    return seeds;
}

TEST(Seeds, AreOthersForEachGuestAndEachStartAndEachMachine) {
    std::set<std::string> all;
    for (int run = 0; run < 2; ++run) {
        for (const auto& seed : seeds_of({.description = "two-probes"})) {
            EXPECT_TRUE(all.insert(seed).second) << seed;
        }
    }
}

TEST(Seeds, AreTheSameInADeterministicMachine) {
    const Options options{.description = "two-probes", .deterministic = true};
    EXPECT_EQ(seeds_of(options), seeds_of(options));
}

/// Returns the path of QEMU's own tree for the machine of a description, without its seed.
std::string tree_without_seed(const std::string& cpu) {
    const auto file = std::filesystem::temp_directory_path() / ("mullion-no-seed-" + std::to_string(getpid()) + ".dtb");
    const auto make = "qemu-system-riscv64 -M virt,aia=aplic-imsic,aia-guests=1,dumpdtb=" + file.string() + " -cpu " +
                      cpu + " -smp 4 -m 2G -display none >/dev/null 2>&1 && fdtput -d " + file.string() +
                      " /chosen rng-seed";
    if (std::system(make.c_str()) != 0) {
        throw std::runtime_error(make);
    }
    return file;
}

TEST(Seeds, AreNotThereWithoutASource) {
    const auto tree = tree_without_seed("rv64");
    Machine machine({.description = "one-probe", .extra = {"-dtb", tree}});
    machine.expect_line("mullion", "^guests get no random seed: ");
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "fresh.no-seed", {"fresh.no-seed"});
    std::filesystem::remove(tree);
}

/// Boots on a hart without a guest, which itself says that there is no seed.
TEST(Seeds, AreMissedByABootHartWithoutAGuest) {
    const auto tree = tree_without_seed("rv64");
    Machine machine({.description = "reboots",
                     .deterministic = true,
                     .extra = {"-bios", MULLION_TARGET_FOLDER "/boot_hart_2.elf", "-dtb", tree}});
    machine.expect_line("", "^Boot HART ID *: 2\\s*$");
    machine.expect_line("mullion", "^guests get no random seed: ");
    expect_ready(machine, "alpha");
    std::filesystem::remove(tree);
}

TEST(Seeds, ComeFromZkrAlone) {
    const std::string cpu = "max,h=true";
    const auto tree = tree_without_seed(cpu);
    Machine machine({.description = "one-probe.max", .cpu = cpu, .extra = {"-dtb", tree}});
    expect_ready(machine, "alpha");
    const auto first = seed_of(machine, "alpha");
    machine.type_key('r');
    expect_ready(machine, "alpha");
    EXPECT_NE(seed_of(machine, "alpha"), first);
    EXPECT_EQ(machine.transcript().find("no random seed"), std::string::npos);
    std::filesystem::remove(tree);
}

}  // namespace
}  // namespace mullion::target
