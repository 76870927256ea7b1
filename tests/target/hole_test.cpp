// SPDX-License-Identifier: Apache-2.0
// Tests RAM that the board file has and the firmware does not let the hypervisor store to: it harms only the guest that
// owns it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "probe.hpp"
#include "report.hpp"

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

/// Returns where alpha's memory begins and ends: it is put behind the image, whose size is the compiler's.
std::pair<std::uint64_t, std::uint64_t> memory_of_alpha() {
    const auto window = find_in_report(fs::path(MULLION_BUILD) / "qemu/two-probes", memory_window).front();
    return {std::stoull(window[0], nullptr, 16), std::stoull(window[1], nullptr, 16) + 1};
}

/// Puts the hole at `hole`, an end of alpha's memory, and expects a line of `page`. Stores look for it, since loads
/// succeed there.
void expect_hole_at_an_end(std::uint64_t hole, std::uint64_t page) {
    HoledMachine holed({.description = "two-probes"}, "0x" + hex(hole));
    auto& machine = *holed;
    const auto line = "^alpha cannot start: no RAM at 0x" + hex(page) + "$";
    machine.expect_line("mullion", line);
    machine.expect_line("beta", "^probe: beat ");
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha starts$");
    machine.expect_line("mullion", line);
    machine.expect_line("beta", "^probe: beat ");
}

TEST(HoleAtAnEnd, OfTheFirstPageCostsOneGuestAClearLine) {
    const auto begin = memory_of_alpha().first;
    expect_hole_at_an_end(begin, begin);
}

TEST(HoleAtAnEnd, OfTheLastPageCostsOneGuestAClearLine) {
    const auto end = memory_of_alpha().second;
    expect_hole_at_an_end(end - 0x10000, end - 0x1000);
}

/// Has RAM end before the description's does.
struct Less {
    std::string name;
    Options options;
    std::string line;
};

class LessMemory : public testing::TestWithParam<Less> {};

TEST_P(LessMemory, CostsTheGuestThatHasIt) {
    Machine machine(GetParam().options);
    machine.expect_line("mullion", GetParam().line);
}

const std::string beta_cannot = "^beta cannot start: no RAM at 0x[0-9a-f]+$";

INSTANTIATE_TEST_SUITE_P(
    On, LessMemory,
    testing::Values(
        Less{"Qemu", {.description = "two-linux", .extra = {"-m", "1G"}}, beta_cannot},
        Less{"QemuPlic", {.description = "two-linux", .platform = "qemu-plic", .extra = {"-m", "1G"}}, beta_cannot},
        Less{"QemuAplic", {.description = "two-linux", .platform = "qemu-aplic", .extra = {"-m", "1G"}}, beta_cannot},
        Less{"TwoPages",
             {.description = "three-files", .extra = {"-M", "virt,aia=aplic-imsic,aia-guests=3", "-m", "2097144K"}},
             "^alpha cannot start: no RAM at 0xfffff000$"}),
    [](const auto& less) { return less.param.name; });

}  // namespace
}  // namespace mullion::target
