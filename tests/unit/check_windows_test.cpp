// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "check_fixture.hpp"
#include "core/check.hpp"

namespace mullion {
namespace {

using CheckWindows = CheckTest;

/// The firmware's row in the list of what is kept (core/kept.hpp).
constexpr std::uint32_t firmware = 2;

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(CheckWindows, WantsWholePages) {
    const auto at = memory();
    const auto refused = [&] { EXPECT_THAT(findings(), Contains(of_beta(Rule::window_not_pages, 2))); };
    memory().size += 8;
    refused();
    memory().size = 0;
    refused();
    memory() = at;
    memory().to = memory().to + 8;
    refused();
    memory() = at;
    memory().at = memory().at + 8;
    refused();
}

TEST_F(CheckWindows, WantsGuestAddressesThatEveryHartOfAGuestReaches) {
    harts[1].mmu_bits = 39;
    beta.windows.push_back({{4 * (gibi << 9) - page_size}, {0xb000'0000}, page_size, Rights::rwx, WindowKind::memory});
    EXPECT_THAT(findings(), IsEmpty());
    beta.windows.back().size = 2 * page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::window_beyond_mode, 1, 3, 0, 1}));
    harts[1].mmu_bits = 48;
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckWindows, WantsGuestAddressesThatSv57x4Reaches) {
    const Window high{{guest_address_end - page_size}, {0xb000'0000}, page_size, Rights::rwx, WindowKind::memory};
    beta.windows.push_back(high);
    EXPECT_THAT(findings(), IsEmpty());
    beta.windows.back().size = 2 * page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::window_guest_too_high, 3)));
    beta.windows.back().size = align_down(~std::uint64_t{0}, page_size);
    EXPECT_THAT(findings(), Contains(of_beta(Rule::window_guest_too_high, 3)));
}

TEST_F(CheckWindows, WantsHostAddressesThatTheHypervisorReaches) {
    memory().to = {host_address_end - page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::window_host_too_high, 2), of_beta(Rule::memory_outside_ram, 2)));
}

TEST_F(CheckWindows, RefusesWindowsThatOverlap) {
    const Window second{memory_at + 63 * mebi, {0xb000'0000}, 2 * mebi, Rights::rwx, WindowKind::memory};
    beta.windows.push_back(second);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::windows_overlap, 3, 1, 2)));
    beta.windows.back().at = memory_at + 64 * mebi;
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckWindows, WantsWindowsInOrder) {
    beta.windows.push_back({rtc_at, {0x30'1000}, page_size, Rights::rw, WindowKind::device});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::windows_overlap, 3, 1, 2)));
}

TEST_F(CheckWindows, WantsMemoryInRam) {
    memory().to = {0xc000'0000 - mebi};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::memory_outside_ram, 2)));
}

TEST_F(CheckWindows, KeepsMemoryOutOfTheFirmware) {
    board.firmware = {{0xa000'0000}, page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_kept, 2, 0, firmware)));
}

TEST_F(CheckWindows, KeepsMemoryOffWhatIsReserved) {
    reserved = {{{0x1'0000'0000}, gibi}, {{0xa3ff'f000}, 2 * page_size}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_reserved, 2, 0, 1)));
    reserved = {{{0xa400'0000}, page_size}};
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckWindows, KeepsDevicesOffTheFirmwareAndWhatIsReserved) {
    board.firmware = {{rtc_at.value}, 16};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::host_is_kept, 0, 0, 0, firmware}));
    board.firmware = {};
    reserved = {{{rtc_at.value - page_size}, 2 * page_size}};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::host_is_reserved, 0, 0}));
}

TEST_F(CheckWindows, WantsMemoryWhereADeviceThatMastersTheBusLooksForIt) {
    ASSERT_NE(memory().at.value, memory().to.value);
    beta.rest.unprotected_dma = true;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::dma_elsewhere, 2)));
}

TEST_F(CheckWindows, WantsHartsThatFlushWhatIsReadAroundTheCaches) {
    const auto own = beta.harts;
    const auto flushes = [&](std::size_t i) {
        harts[own[i]].features = harts[own[i]].features.with(Extension::zicbom);
        harts[own[i]].cbom_block = 64;
    };
    beta.rest.noncoherent_dma = true;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::hart_cannot_flush, 0)));
    flushes(0);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::hart_cannot_flush, 1)));
    beta.rest.noncoherent_dma = false;
    EXPECT_THAT(findings(), IsEmpty());
    harts[own[0]].features = harts[own[0]].features.with(Extension::svpbmt);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::hart_cannot_flush, 1)));
    flushes(1);
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckWindows, KeepsMemoryOutOfTheHypervisor) {
    memory().to = board.load_address + 2 * mebi;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::host_is_hypervisor, 2)));
}

TEST_F(CheckWindows, RefusesMemoryOfAnotherGuest) {
    memory().to = {0x9000'0000 + 64 * mebi - page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 2, 0, 3)));
}

TEST_F(CheckWindows, RefusesMemoryTwice) {
    beta.windows.push_back({memory_at + gibi, memory().to, page_size, Rights::rwx, WindowKind::memory});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 3, 1, 2)));
}

TEST_F(CheckWindows, RefusesADeviceOfAnotherGuest) {
    beta.windows.insert(beta.windows.begin(), alpha.windows.front());
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 0, 0, 0)));
}

TEST_F(CheckWindows, RefusesADeviceOverRam) {
    alpha.windows[0].to = {0xb000'0000};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::device_over_ram, 0, 0}));
}

TEST_F(CheckWindows, RefusesADeviceOverAController) {
    board.iommu = {{0x301'0000}, 0x1000};
    board.pci = {{0x3000'0000}, 0x1000'0000};
    struct Row {
        std::uint32_t number;
        std::uint64_t at;
    };
    for (const auto& [row, at] : {Row{0, 0x1000'0000}, Row{1, 0xd00'7000}, Row{2, 0x8000'0000}, Row{3, 0x301'0000},
                                  Row{4, 0x3fff'f000}, Row{6, 0x2800'0000}}) {
        alpha.windows[0].to = {at};
        EXPECT_THAT(findings(), Contains(Finding{Rule::host_is_kept, 0, 0, 0, row})) << std::hex << at;
    }
}

TEST_F(CheckWindows, RefusesToExecuteDevices) {
    alpha.windows[0].rights = Rights::rx;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::device_executable, 0, 0}));
    file(1).rights = Rights::rwx;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::device_executable, 1)));
}

TEST_F(CheckWindows, RefusesASupervisorInterruptFile) {
    file(0).to = file(0).to - page_size;
    EXPECT_THAT(findings(), ElementsAre(testing::Field(&Finding::rule, Rule::host_is_kept),
                                        of_beta(Rule::wrong_interrupt_file, 0)));
}

TEST_F(CheckWindows, RefusesAnotherHartsInterruptFile) {
    std::swap(file(0).to, file(1).to);
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::wrong_interrupt_file, 0), of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckWindows, WantsAnInterruptFileForEachHart) {
    beta.windows.erase(beta.windows.begin() + 1);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckWindows, RefusesMoreInterruptFilesThanHarts) {
    beta.harts.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckWindows, WantsInterruptFilesOnePageApart) {
    file(1).at = file(1).at + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckWindows, WantsInterruptFilesOfOnePage) {
    file(1).size = 2 * page_size;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckWindows, WantsNoInterruptFilesWithoutAnImsic) {
    board.imsic = {};
    board.plic = {{0xc00'0000}, 0x40'0000, 95};
    for (std::uint32_t i = 0; i < harts.size(); ++i) {
        harts[i].context = i;
    }
    for (auto* guest : {&alpha, &beta}) {
        std::erase_if(guest->windows, [](const Window& w) { return w.kind == WindowKind::interrupt_file; });
        guest->devices[0] = {DeviceKind::plic, {0xc00'0000}, 0x40'0000, 0, 95};
    }
    EXPECT_THAT(findings(), IsEmpty());
    // A page of the PLIC under any name is the hypervisor's.
    const Window file{files_at, {0xc20'0000}, page_size, Rights::rw, WindowKind::interrupt_file};
    beta.windows.insert(beta.windows.begin(), file);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_kept, 0, 0, 1), of_beta(Rule::wrong_interrupt_file)));
    beta.windows[0].kind = WindowKind::device;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_kept, 0, 0, 1)));
    beta.windows[0] = {{0xc3f'f000}, {0x2800'0000}, page_size, Rights::rw, WindowKind::device};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps)));
}

}  // namespace
}  // namespace mullion
