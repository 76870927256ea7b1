// SPDX-License-Identifier: Apache-2.0
// Guests with PCI functions behind an IOMMU: what they reach, and what they do not.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "machine.hpp"
#include "probe.hpp"
#include "ram.hpp"

namespace mullion::target {
namespace {

const std::vector<std::string> edu{"-device", "edu,addr=2,dma_mask=0xffffffffffffffff"};

class Pci : public testing::Test {
 protected:
    Options with(const std::string& description, const std::vector<std::string>& more = {}) const {
        Options options{.description = description, .platform = "qemu-iommu"};
        options.extra = ram_.arguments();
        options.extra.insert(options.extra.end(), more.begin(), more.end());
        return options;
    }

    /// Returns where in RAM the word is, a multiple of 8 bytes from its beginning, outside of `own`.
    std::vector<std::uint64_t> places_of(std::uint64_t word, std::uint64_t own, std::uint64_t own_size) const {
        constexpr std::size_t at_once = std::size_t{1} << 17;
        std::vector<std::uint64_t> places;
        for (auto at = Ram::base; at < Ram::base + Ram::size; at += at_once * 8) {
            const auto words = ram_.read(at, at_once);
            for (std::size_t i = 0; i < words.size(); ++i) {
                const auto place = at + i * 8;
                if (words[i] == word && (place < own || place >= own + own_size)) {
                    places.push_back(place);
                }
            }
        }
        return places;
    }

    /// Has alpha's device do what is refused, without end, on a machine with an edu.
    void expect_end_of_flood(const std::vector<std::string>& more) const {
        auto devices = edu;
        devices.insert(devices.end(), more.begin(), more.end());
        Machine machine(with("edu", devices));
        expect_ready(machine, "alpha");
        expect_ready(machine, "beta");
        machine.type("edu.flood\r");
        machine.expect_line("mullion", "^alpha: PCI function 00:02.0 does DMA where the guest has nothing");
        machine.expect_line("mullion", "^alpha: PCI function 00:02.0 loses its DMA until the next start");
        machine.expect_line("alpha", "^probe: edu.flood ok$");
        machine.type_key('s');
        machine.expect_line("mullion", "^  alpha PCI function 00:02.0: \\d+ accesses refused in this life$");
        machine.type_key('2');
        expect_cases_pass(machine, "beta", "time.past", {"time.past"});
        EXPECT_EQ(machine.transcript().find("beta: PCI"), std::string::npos);
        machine.type_key('1');
        machine.type_key('r');
        expect_ready(machine, "alpha");
        expect_cases_pass(machine, "alpha", "edu.own_memory", {"edu.own_memory"});
    }

 private:
    const Ram ram_;
};

std::vector<std::string> cases_of(const std::string& group) {
    std::vector<std::string> names;
    for (const auto& entry : probe_cases()) {
        if (entry.name.starts_with(group + '.')) {
            names.push_back(entry.name);
        }
    }
    return names;
}

TEST_F(Pci, AGuestSeesItsFunctionsOnly) {
    Machine machine(with("edu", edu));
    machine.expect_line("mullion", "^isolated against DMA: a device reaches no more than its guest does$");
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "pci", cases_of("pci"));
}

/// What the probe has the device write everywhere.
TEST_F(Pci, AFunctionReachesItsGuestOnly) {
    constexpr std::uint64_t pattern = 0x6d75'6c6c'696f'6e21;
    Machine machine(with("edu", edu));
    expect_ready(machine, "alpha");
    expect_ready(machine, "beta");
    expect_cases_pass(machine, "alpha", "edu", cases_of("edu"));
    EXPECT_EQ(places_of(pattern, 0x9000'0000, 0x80'0000), std::vector<std::uint64_t>{});
    EXPECT_NE(places_of(pattern, 0, 0), std::vector<std::uint64_t>{}) << "it is what is looked for";
}

/// What a guest has its device do a thousand times a tick is told once, counted, and then ended. It is the guest's own
/// business: the neighbour answers all the time.
TEST_F(Pci, AFloodOfRefusedAccessesEnds) {
    expect_end_of_flood({});
}

/// It is looked at once a second.
TEST_F(Pci, AFloodEndsWhereTheIommuHasWiresAlone) {
    expect_end_of_flood({"-kernel", planted("wires-alone", "edu", "qemu-iommu")});
}

std::vector<std::string> two_edus() {
    auto devices = edu;
    devices.insert(devices.end(), {"-device", "edu,addr=3,dma_mask=0xffffffffffffffff"});
    return devices;
}

/// beta's policy says so, alpha's does not.
TEST_F(Pci, ARefusedAccessEndsAGuestThatWantsIt) {
    Machine machine(with("fault-stops", two_edus()));
    expect_ready(machine, "alpha");
    expect_ready(machine, "beta");
    expect_cases_pass(machine, "alpha", "edu.elsewhere", {"edu.elsewhere"});
    machine.expect_line("mullion", "^alpha: PCI function 00:02.0 does DMA where the guest has nothing");
    machine.type_key('2');
    machine.type("edu.elsewhere\r");
    machine.expect_line("mullion", "^beta: PCI function 00:03.0 does DMA where the guest has nothing");
    machine.expect_line("mullion", "^beta is switched off, as its policy's on-dma-fault says$");
    machine.type_key('r');
    expect_ready(machine, "beta");
    expect_cases_pass(machine, "beta", "edu.own_memory", {"edu.own_memory"});
    machine.type_key('1');
    expect_cases_pass(machine, "alpha", "edu.own_memory", {"edu.own_memory"});
}

/// A hypervisor that forgets to stop it: the guest goes on to the end of what it does.
TEST_F(Pci, AGuestThatIsNotStoppedShows) {
    auto devices = two_edus();
    devices.insert(devices.end(), {"-kernel", planted("fault-goes-on", "fault-stops", "qemu-iommu")});
    Machine machine(with("fault-stops", devices));
    expect_ready(machine, "beta");
    machine.type_key('2');
    expect_cases_pass(machine, "beta", "edu.elsewhere,edu.own_memory", {"edu.elsewhere", "edu.own_memory"});
}

TEST_F(Pci, AFunctionWithoutAResetKeepsItsGuestOff) {
    Machine machine(with("no-reset", edu));
    machine.expect_line("mullion", "^alpha: PCI function 00:02.0 has no reset that Mullion knows$");
    machine.expect_line("mullion", "^alpha stays off: ");
    expect_ready(machine, "beta");
}

/// A machine that is not the one of the board file.
TEST_F(Pci, AnotherFunctionIsRefused) {
    Machine absent(with("edu"));
    absent.expect_line("mullion", "PCI function 00:02.0 has the ids 0xffffffff, where the board file has 0x11e81234");
    Machine other(with("edu", {"-device", "nvme,addr=2,serial=x"}));
    other.expect_line("mullion", "PCI function 00:02.0 has the ids 0x101b36, where the board file has 0x11e81234");
}

}  // namespace
}  // namespace mullion::target
