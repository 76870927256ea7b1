// SPDX-License-Identifier: Apache-2.0
#include "core/check_pci.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check_fixture.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr HostRange bus_windows[]{{{0x4000'0000}, gibi}, {{0x4'0000'0000}, 16 * gibi}};
constexpr Hpa bar_at{0x4'0000'0000};

/// Beta has a function with a BAR of four pages, alpha has another without one.
class PciLaw : public CheckTest {
 protected:
    PciLaw() {
        board.iommu = {{0x301'0000}, page_size};
        board.pci = {{0x3000'0000}, 256 * PciHost::bus_bytes, bus_windows};
        alpha.functions = {{.number = 0x18, .device_id = 0x18}};
        beta.functions = {{.number = 0x10, .device_id = 0x10, .bars = {{{bar_at, 0x4000, true, true}}}}};
        beta.windows.push_back({{bar_at.value}, bar_at, 0x4000, Rights::rw, WindowKind::device});
        for (auto* guest : {&alpha, &beta}) {
            guest->devices.push_back({DeviceKind::pci_host, {0x3000'0000}, PciHost::bus_bytes});
        }
    }

    PciFunction& function() { return beta.functions.front(); }
    Window& bar_window() { return beta.windows.back(); }
};

TEST_F(PciLaw, IsObeyed) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(PciLaw, WantsWholeBuses) {
    board.pci.base = board.pci.base + page_size;
    EXPECT_THAT(findings(), Contains(Finding{Rule::pci_invalid}));
    board.pci = {{0x3000'0000}, PciHost::bus_bytes / 2, bus_windows};
    EXPECT_THAT(findings(), Contains(Finding{Rule::pci_invalid}));
}

TEST_F(PciLaw, KeepsConfigurationSpaceOfAllBuses) {
    const Hpa last{0x3000'0000 + 256 * PciHost::bus_bytes - page_size};
    beta.windows.insert(beta.windows.end() - 1, {{last.value}, last, page_size, Rights::rw, WindowKind::device});
    std::ranges::sort(beta.windows, {}, &Window::at);
    const auto list = findings();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list.front().rule, Rule::host_is_kept);
}

TEST_F(PciLaw, WantsAnEmulatedHostExactlyWhereThereAreFunctions) {
    beta.devices.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::pci_host_missing)));
    beta.functions.clear();
    EXPECT_THAT(findings(), IsEmpty());
    beta.devices.push_back({DeviceKind::pci_host, {0x3000'0000}, PciHost::bus_bytes});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::pci_host_missing)));
}

TEST_F(PciLaw, WantsBridgeAndIommu) {
    board.iommu = {};
    EXPECT_THAT(findings(),
                ElementsAre(Finding{Rule::function_without_iommu, 0}, of_beta(Rule::function_without_iommu)));
    board.iommu = {{0x301'0000}, page_size};
    board.pci = {};
    EXPECT_THAT(findings(), Contains(of_beta(Rule::function_without_iommu)));
}

TEST_F(PciLaw, GivesAFunctionOneOwner) {
    function().number = alpha.functions.front().number;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::function_taken, 0, 0, 0)));
    function().number = 0x10;
    function().device_id = alpha.functions.front().device_id;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::function_taken, 0, 0, 0)));
    function().device_id = 0x10;
    beta.functions.push_back(function());
    EXPECT_THAT(findings(), Contains(of_beta(Rule::function_taken, 1, 1, 0)));
}

TEST_F(PciLaw, WantsIdsThatTheIommuHas) {
    function().device_id = 0xff'ffff;
    EXPECT_THAT(findings(), IsEmpty());
    function().device_id = 0x100'0000;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::function_id_too_wide)));
}

TEST_F(PciLaw, WantsFunctionsThatAGuestFinds) {
    function().number = 0x11;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::function_unfound)));
    beta.functions.push_back({.number = 0x10, .device_id = 0x11});
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(PciLaw, WantsBarsThatRegistersHold) {
    const auto is_invalid = [&](PciBar bar, std::size_t slot = 0) {
        function().bars = {};
        function().bars[slot] = bar;
        const auto list = findings();
        return list.size() == 1 && list.front() == of_beta(Rule::bar_invalid, 0, 0, static_cast<std::uint32_t>(slot));
    };
    EXPECT_TRUE(is_invalid({bar_at, 0x3000, true}));
    EXPECT_TRUE(is_invalid({bar_at, 8, true}));
    EXPECT_TRUE(is_invalid({bar_at + 0x1000, 0x2000, true}));
    EXPECT_TRUE(is_invalid({bar_at, 0x1000, false})) << "beyond 4 GiB";
    EXPECT_TRUE(is_invalid({bar_at, 0x1000, true}, 5)) << "no register for the upper half";
    EXPECT_FALSE(is_invalid({bar_at, 0x1000, true}, 4));
    EXPECT_FALSE(is_invalid({bar_at, 16, true}));
    function().bars = {{{bar_at, 0x1000, true}, {bar_at + 0x1000, 0x1000, true}}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::bar_invalid, 0, 0, 0))) << "the upper half is another BAR";
}

TEST_F(PciLaw, WantsBarsWhereTheBridgeHandsOn) {
    const Hpa elsewhere{0x3000'0000'0};
    function().bars[0].base = elsewhere;
    bar_window() = {{elsewhere.value}, elsewhere, 0x4000, Rights::rw, WindowKind::device};
    std::ranges::sort(beta.windows, {}, &Window::at);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::bar_outside)));
}

TEST_F(PciLaw, WantsBarsGranted) {
    const auto window = bar_window();
    bar_window().size -= page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::bar_not_granted)));
    bar_window() = window;
    bar_window().rights = Rights::r;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::bar_not_granted)));
    bar_window() = window;
    bar_window().at = bar_window().at + 0x1'0000;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::bar_not_granted)));
}

TEST_F(PciLaw, WantsMemoryAndFilesOffTheBus) {
    const auto at = Gpa{0x4000'0000};
    const auto moved = at - memory_at;
    memory().at = at;  // the window before the BAR's, in order again below
    auto& ram_window = beta.windows[2];
    ram_window.at = at;
    for (auto& load : beta.loads) {
        load.to = Gpa{load.to.value + moved};
    }
    beta.rest.entry = Gpa{beta.rest.entry.value + moved};
    beta.rest.tree = Gpa{beta.rest.tree.value + moved};
    bar_window() = {{bar_at.value}, bar_at, 0x4000, Rights::rw, WindowKind::device};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::memory_on_bus, 2)));
}

}  // namespace
}  // namespace mullion
