// SPDX-License-Identifier: Apache-2.0
// Tests RAM that the board file has and the firmware does not let the hypervisor store to: it harms only the guest that
// owns it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "probe.hpp"

namespace mullion::target {
namespace {

namespace fs = std::filesystem;

/// Makes the machine of `options` with a hole of 64 KiB at `hole` (domains/hole.dtsi).
class HoledMachine {
 public:
    HoledMachine(Options options, const std::string& hole)
        : tree_(fs::temp_directory_path() / ("mullion-hole-" + std::to_string(getpid()) + ".dtb")) {
        auto asks = options;
        asks.extra = {"-M", "dumpdtb=" + tree_.string()};
        Machine(asks).exit_code();
        const auto tree = tree_.string();
        const auto make = "{ dtc -q -O dts " + tree + "; sed 's/HOLE/" + hole +
                          "/' " MULLION_TARGET_DOMAINS "/hole.dtsi; } | dtc -q -O dtb -o " + tree + ".holed && mv " +
                          tree + ".holed " + tree;
        if (std::system(make.c_str()) != 0) {
            throw std::runtime_error(make);
        }
        options.extra = {"-dtb", tree};
        machine_.emplace(options);
    }
    ~HoledMachine() { fs::remove(tree_); }

    Machine& operator*() { return *machine_; }

 private:
    fs::path tree_;
    std::optional<Machine> machine_;
};

TEST(Hole, CostsOneGuestAClearLine) {
    HoledMachine holed({.description = "two-probes"}, "0x81010000");
    auto& machine = *holed;
    const std::string line = "^alpha cannot start: no RAM at 0x81010000 \\(store access fault\\)$";
    machine.expect_line("mullion", line);
    machine.expect_line("beta", "^probe: beat ");
    machine.expect_line("beta", "^probe: beat ");
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha starts$");
    machine.expect_line("mullion", line);
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: crashed$");
    machine.expect_line("beta", "^probe: beat ");
}

TEST(Hole, IsFoundWithoutCacheBlocks) {
    HoledMachine holed({.description = "one-probe.rv64-zicboz-off", .cpu = "rv64,zicboz=off"}, "0x81010000");
    (*holed).expect_line("mullion", "^alpha cannot start: no RAM at 0x81010000 \\(store access fault\\)$");
    (*holed).expect_line("mullion", "^all guests are off: the machine powers off$");
}

/// Expects that the hypervisor finds the hole by stores, since loads succeed there.
TEST(Hole, AtTheEndOfAWindowIsNoMachineForThisImage) {
    HoledMachine holed({.description = "two-probes"}, "0x813f0000");
    (*holed).expect_line("mullion", "^no RAM at 0x813ff000, which the description gives to alpha$");
    (*holed).expect_line("mullion", "^stopped: this machine is not the one that the image was built for$");
    (*holed).exit_code();  // the machine ends
}

}  // namespace
}  // namespace mullion::target
