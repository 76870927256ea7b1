// SPDX-License-Identifier: Apache-2.0
// Tests a device that was set to write to memory before Mullion came (dma.S), and goes on. Without an IOMMU it reaches
// a guest; with one it does not, and Mullion counts what it tries.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "machine.hpp"
#include "probe.hpp"
#include "ram.hpp"

namespace mullion::target {
namespace {

constexpr std::uint64_t target = 0x9040'0000;  ///< in alpha's memory, which every start clears
constexpr std::uint64_t transfers = 0x801f'2000;

class Dma : public testing::Test {
 protected:
    Options with(const std::string& platform, const std::string& firmware,
                 const std::string& planted_defect = {}) const {
        Options options{.description = "dma", .platform = platform};
        options.extra = ram_.arguments();
        options.extra.insert(options.extra.end(), {"-device", "edu,addr=2,dma_mask=0xffffffff", "-bios",
                                                   std::string(MULLION_TARGET_FOLDER) + "/dma_" + firmware + ".elf"});
        if (!planted_defect.empty()) {
            options.extra.insert(options.extra.end(), {"-kernel", planted(planted_defect, "dma", platform)});
        }
        return options;
    }

    std::uint64_t word(std::uint64_t at) const { return ram_.read(at, 1).front(); }

    /// Waits until the device has begun and ended a transfer.
    void let_device_write(const Machine& machine) const {
        const auto before = word(transfers);
        machine.wait_until([&] { return word(transfers) >= before + 2; });
    }

    /// Asks how many accesses were refused.
    static unsigned long refused(Machine& machine) {
        machine.type_key('s');
        const auto line = machine.expect_line(
            "mullion", "^DMA: (\\d+) accesses(?: and more)? refused(?:, the last of device 0x10)?$");
        return std::stoul(line.at(1));
    }

 private:
    const Ram ram_;
};

TEST_F(Dma, ReachesAGuestWithoutAnIommu) {
    Machine machine(with("qemu", "free"));
    expect_ready(machine, "alpha");
    let_device_write(machine);
    EXPECT_NE(word(target), 0u);
}

TEST_F(Dma, IsRefusedAndCountedByAnIommu) {
    Machine machine(with("qemu-iommu", "restless"));
    machine.expect_line("mullion", "^isolated against DMA: no device is granted any$");
    expect_ready(machine, "alpha");
    let_device_write(machine);
    EXPECT_EQ(word(target), 0u);
    const auto first = refused(machine);
    EXPECT_GT(first, 0u);
    let_device_write(machine);
    EXPECT_GT(refused(machine), first);
    EXPECT_EQ(word(target), 0u);
}

TEST_F(Dma, IsEndedAtBoot) {
    Machine machine(with("qemu-iommu", "behind_iommu"));
    expect_ready(machine, "alpha");
    let_device_write(machine);
    EXPECT_EQ(refused(machine), 0u);
}

TEST_F(Dma, IsSeenToGoOnWhereNobodyEndsIt) {
    Machine machine(with("qemu-iommu", "behind_iommu", "dma-goes-on"));
    expect_ready(machine, "alpha");
    let_device_write(machine);
    EXPECT_GT(refused(machine), 0u);
}

/// Runs hypervisors with a defect (cmake/planted.cmake), which must show.
class DmaBehindADefect : public Dma, public testing::WithParamInterface<std::string> {};

TEST_P(DmaBehindADefect, ReachesTheGuest) {
    Machine machine(with("qemu-iommu", "restless", GetParam()));
    expect_ready(machine, "alpha");
    let_device_write(machine);
    EXPECT_NE(word(target), 0u);
}

INSTANTIATE_TEST_SUITE_P(Planted, DmaBehindADefect, testing::Values("iommu-left-alone", "directory-remembered"),
                         [](const auto& name) { return test_name(name.param); });

}  // namespace
}  // namespace mullion::target
