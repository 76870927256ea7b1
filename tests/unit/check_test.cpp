// SPDX-License-Identifier: Apache-2.0
#include "core/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mullion {
namespace {

/// Its row in the list of what is kept (core/kept.hpp).
constexpr std::uint32_t firmware = 2;

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// A guest whose lists can be altered.
struct Partition {
    std::string name;
    std::vector<std::uint32_t> harts;
    std::vector<Window> windows;
    std::vector<Load> loads;
    std::vector<Source> sources;
    std::vector<DeviceReset> resets;
    std::vector<VirtualDevice> devices;  ///< the controller, the UART, ...
    Guest rest;
};

constexpr Gpa memory_at{0x8000'0000};
constexpr Gpa files_at{0x2800'0000};
constexpr Gpa rtc_at{0x10'1000};

/// Four harts, two of them of each guest; the IMSIC indices are not the hart indices.
class CheckTest : public testing::Test {
 protected:
    CheckTest() {
        for (const std::uint32_t i : {0U, 1U, 2U, 3U}) {
            harts.push_back({.id = HartId{i}, .imsic_index = 3 - i, .features = {}, .cboz_block = 0, .cbom_block = 0});
        }
        ram = {{{0x8000'0000}, gibi}};
        board = {.name = "board",
                 .timebase_frequency = 10'000'000,
                 .harts = {},
                 .ram = {},
                 .firmware = {{0x8000'0000}, 2 * mebi},
                 .load_address = {0x8020'0000},
                 .console = {{0x1000'0000}, 0x100, 0, 10},
                 .aplic = {{0xd00'0000}, 0x8000, 96},
                 .imsic = {{0x2800'0000}, 0x8000, 1, 255}};
        images = {{"kernel", 5 * mebi}, {"tree", 3000}};
        alpha = partition("alpha", {1, 0}, {0x9000'0000});
        alpha.windows.insert(alpha.windows.begin(),
                             {rtc_at, {rtc_at.value}, page_size, Rights::rw, WindowKind::device});
        alpha.sources = {{11}};
        beta = partition("beta", {2, 3}, {0xa000'0000});
    }

    Partition partition(const std::string& name, std::vector<std::uint32_t> own, Hpa memory) const {
        Partition p;
        p.name = name;
        p.harts = std::move(own);
        for (std::size_t i = 0; i < p.harts.size(); ++i) {
            const auto file = interrupt_file(board.imsic, harts[p.harts[i]].imsic_index, guest_file);
            p.windows.push_back({files_at + i * page_size, file, page_size, Rights::rw, WindowKind::interrupt_file});
        }
        p.windows.push_back({memory_at, memory, 64 * mebi, Rights::rwx, WindowKind::memory});
        p.loads = {{memory_at + 2 * mebi, 0, 0, 5 * mebi}, {memory_at + 16 * mebi, 1, 0, 3000}};
        p.rest.entry = memory_at + 2 * mebi;
        p.rest.tree = memory_at + 16 * mebi;
        p.devices = {{DeviceKind::aplic, {0xd00'0000}, 0x8000, 0, 96},
                     {DeviceKind::uart16550, {0x1000'0000}, 0x100, 10}};
        return p;
    }

    static Guest view(const Partition& p) {
        Guest guest = p.rest;
        guest.name = p.name;
        guest.harts = p.harts;
        guest.windows = p.windows;
        guest.loads = p.loads;
        guest.sources = p.sources;
        guest.resets = p.resets;
        guest.devices = p.devices;
        return guest;
    }

    std::vector<Finding> findings() const {
        std::vector<Guest> guests;
        if (!no_guests) {
            guests = {view(alpha), view(beta)};
        }
        Board b = board;
        b.harts = harts;
        b.ram = ram;
        b.reserved = reserved;
        const Description d{
            .name = "test", .board = b, .guests = guests, .images = images, .color = false, .services = services};
        std::vector<Finding> list;
        check(d, [&](const Finding& finding) { list.push_back(finding); });
        EXPECT_EQ(first_finding(d), list.empty() ? std::nullopt : std::optional{list.front()});
        return list;
    }

    /// Of beta: a file window for each hart, then memory.
    Window& file(std::size_t hart) { return beta.windows[hart]; }
    Window& memory() { return beta.windows.back(); }

    static Finding of_beta(Rule rule, std::uint32_t item = 0, std::uint32_t other_guest = 0, std::uint32_t other = 0) {
        return {rule, 1, item, other_guest, other};
    }

    std::vector<Hart> harts;
    std::vector<HostRange> ram;
    std::vector<HostRange> reserved;
    Board board;
    std::vector<Image> images;
    Partition alpha;
    Partition beta;
    bool no_guests = false;
    Services services = Services::all();
};

TEST_F(CheckTest, FindsNothingInALawfulDescription) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckTest, JudgesConstants) {
    static constexpr Description empty{};
    static_assert(first_finding(empty).has_value());
    static_assert(is_guest_name("a-guest-of12") && !is_guest_name("a-guest-of-13"));
}

TEST_F(CheckTest, WantsTheImageOnAnAlignedAddress) {
    board.load_address = board.load_address + page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::load_address_unaligned}));
}

TEST_F(CheckTest, WantsTheBoardWithinReachOfTheHypervisor) {
    ram.push_back({{host_address_end - mebi}, 2 * mebi});
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
}

TEST_F(CheckTest, WantsTheHypervisorInRam) {
    ram = {{{0x8000'0000}, 2 * mebi + page_size}, {{0x9000'0000}, gibi}};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
}

TEST_F(CheckTest, WantsTheHypervisorOutsideTheFirmware) {
    board.firmware.size += page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
}

TEST_F(CheckTest, WantsAGuestInterruptFile) {
    for (const std::uint32_t bits : {0U, 7U, 64U}) {
        board.imsic.guest_index_bits = bits;
        EXPECT_THAT(findings(), Contains(Finding{Rule::no_guest_file})) << bits;
    }
}

TEST_F(CheckTest, WantsDistinctImsicIndices) {
    harts[3].imsic_index = harts[1].imsic_index;
    EXPECT_THAT(findings(), Contains(Finding{Rule::imsic_index_taken, Finding::board, 3, Finding::board, 1}));
}

TEST_F(CheckTest, WantsInterruptFilesInsideTheImsic) {
    board.imsic.size -= page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::interrupt_files_outside, Finding::board, 0}));
}

TEST_F(CheckTest, WantsAGuest) {
    no_guests = true;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::no_guest}));
}

TEST_F(CheckTest, WantsAShortLowerCaseName) {
    for (const auto* name : {"", "Beta", "1beta", "-b", "be_ta", "longer-than-12"}) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_invalid))) << name;
    }
}

TEST_F(CheckTest, RefusesReservedNames) {
    for (const auto name : reserved_names) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_reserved))) << name;
    }
}

TEST_F(CheckTest, RefusesNamesOfFilesOfTheBuild) {
    for (const auto name : file_names) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_of_file))) << name;
    }
}

TEST_F(CheckTest, WantsASerialPortWithAllItsRegisters) {
    for (const std::uint32_t shift : {6U, 64U, ~0U}) {
        beta.devices[1].parameter = shift;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_uart_too_small))) << shift;
    }
    beta.devices.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_uart_too_small))) << "none";
}

TEST_F(CheckTest, WantsDistinctNames) {
    beta.name = alpha.name;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_taken, 0, 0)));
}

TEST_F(CheckTest, WantsAHart) {
    beta.harts.clear();
    EXPECT_THAT(findings(), Contains(of_beta(Rule::no_hart)));
}

TEST_F(CheckTest, WantsHartsThatTheBoardHas) {
    beta.harts[1] = 4;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::hart_unknown, 1), of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, GivesAHartToOneGuest) {
    beta.harts[1] = alpha.harts[1];
    EXPECT_THAT(findings(), Contains(of_beta(Rule::hart_taken, 1, 0, 1)));
}

TEST_F(CheckTest, GivesAHartOnce) {
    beta.harts[1] = beta.harts[0];
    EXPECT_THAT(findings(), Contains(of_beta(Rule::hart_taken, 1, 1, 0)));
}

TEST_F(CheckTest, WantsWholePages) {
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

TEST_F(CheckTest, WantsGuestAddressesThatEveryHartOfAGuestReaches) {
    harts[1].mmu_bits = 39;
    beta.windows.push_back({{4 * (gibi << 9) - page_size}, {0xb000'0000}, page_size, Rights::rwx, WindowKind::memory});
    EXPECT_THAT(findings(), IsEmpty());
    beta.windows.back().size = 2 * page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::window_beyond_mode, 1, 3, 0, 1}));
    harts[1].mmu_bits = 48;
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckTest, WantsGuestAddressesThatSv57x4Reaches) {
    const Window high{{guest_address_end - page_size}, {0xb000'0000}, page_size, Rights::rwx, WindowKind::memory};
    beta.windows.push_back(high);
    EXPECT_THAT(findings(), IsEmpty());
    beta.windows.back().size = 2 * page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::window_guest_too_high, 3)));
    beta.windows.back().size = align_down(~std::uint64_t{0}, page_size);
    EXPECT_THAT(findings(), Contains(of_beta(Rule::window_guest_too_high, 3)));
}

TEST_F(CheckTest, WantsHostAddressesThatTheHypervisorReaches) {
    memory().to = {host_address_end - page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::window_host_too_high, 2), of_beta(Rule::memory_outside_ram, 2)));
}

TEST_F(CheckTest, RefusesWindowsThatOverlap) {
    const Window second{memory_at + 63 * mebi, {0xb000'0000}, 2 * mebi, Rights::rwx, WindowKind::memory};
    beta.windows.push_back(second);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::windows_overlap, 3, 1, 2)));
    beta.windows.back().at = memory_at + 64 * mebi;
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckTest, WantsWindowsInOrder) {
    beta.windows.push_back({rtc_at, {0x30'1000}, page_size, Rights::rw, WindowKind::device});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::windows_overlap, 3, 1, 2)));
}

TEST_F(CheckTest, WantsMemoryInRam) {
    memory().to = {0xc000'0000 - mebi};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::memory_outside_ram, 2)));
}

TEST_F(CheckTest, KeepsMemoryOutOfTheFirmware) {
    board.firmware = {{0xa000'0000}, page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_kept, 2, 0, firmware)));
}

TEST_F(CheckTest, KeepsMemoryOffWhatIsReserved) {
    reserved = {{{0x1'0000'0000}, gibi}, {{0xa3ff'f000}, 2 * page_size}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_is_reserved, 2, 0, 1)));
    reserved = {{{0xa400'0000}, page_size}};
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckTest, KeepsDevicesOffTheFirmwareAndWhatIsReserved) {
    board.firmware = {{rtc_at.value}, 16};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::host_is_kept, 0, 0, 0, firmware}));
    board.firmware = {};
    reserved = {{{rtc_at.value - page_size}, 2 * page_size}};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::host_is_reserved, 0, 0}));
}

TEST_F(CheckTest, WantsMemoryWhereADeviceThatMastersTheBusLooksForIt) {
    ASSERT_NE(memory().at.value, memory().to.value);
    beta.rest.unprotected_dma = true;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::dma_elsewhere, 2)));
}

TEST_F(CheckTest, WantsHartsThatFlushWhatIsReadAroundTheCaches) {
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

TEST_F(CheckTest, KeepsMemoryOutOfTheHypervisor) {
    memory().to = board.load_address + 2 * mebi;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::host_is_hypervisor, 2)));
}

TEST_F(CheckTest, RefusesMemoryOfAnotherGuest) {
    memory().to = {0x9000'0000 + 64 * mebi - page_size};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 2, 0, 3)));
}

TEST_F(CheckTest, RefusesMemoryTwice) {
    beta.windows.push_back({memory_at + gibi, memory().to, page_size, Rights::rwx, WindowKind::memory});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 3, 1, 2)));
}

TEST_F(CheckTest, RefusesADeviceOfAnotherGuest) {
    beta.windows.insert(beta.windows.begin(), alpha.windows.front());
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::host_shared, 0, 0, 0)));
}

TEST_F(CheckTest, RefusesADeviceOverRam) {
    alpha.windows[0].to = {0xb000'0000};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::device_over_ram, 0, 0}));
}

TEST_F(CheckTest, RefusesADeviceOverAController) {
    std::uint32_t row = 0;
    for (const auto at : {0x1000'0000ULL, 0xd00'7000ULL, 0x8000'0000ULL, 0x2800'0000ULL}) {
        alpha.windows[0].to = {at};
        EXPECT_THAT(findings(), Contains(Finding{Rule::host_is_kept, 0, 0, 0, row++})) << std::hex << at;
    }
}

TEST_F(CheckTest, RefusesToExecuteDevices) {
    alpha.windows[0].rights = Rights::rx;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::device_executable, 0, 0}));
    file(1).rights = Rights::rwx;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::device_executable, 1)));
}

TEST_F(CheckTest, RefusesASupervisorInterruptFile) {
    file(0).to = file(0).to - page_size;
    EXPECT_THAT(findings(), ElementsAre(testing::Field(&Finding::rule, Rule::host_is_kept),
                                        of_beta(Rule::wrong_interrupt_file, 0)));
}

TEST_F(CheckTest, RefusesAnotherHartsInterruptFile) {
    std::swap(file(0).to, file(1).to);
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::wrong_interrupt_file, 0), of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, WantsAnInterruptFileForEachHart) {
    beta.windows.erase(beta.windows.begin() + 1);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, RefusesMoreInterruptFilesThanHarts) {
    beta.harts.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, WantsInterruptFilesOnePageApart) {
    file(1).at = file(1).at + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, WantsInterruptFilesOfOnePage) {
    file(1).size = 2 * page_size;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, KeepsVirtualDevicesApart) {
    beta.devices[0].base = beta.devices[1].base;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 1, 0, 0)));
    beta.devices[0].base = memory_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 2, 0, 0)));
    beta.devices = alpha.devices;
    beta.devices[1].base = files_at + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 1, 0, 1)));
}

TEST_F(CheckTest, WantsVirtualDevicesBelowTheEndOfGuestAddresses) {
    const auto size = beta.devices[1].size;
    beta.devices[1].base = {guest_address_end - size};
    EXPECT_THAT(findings(), IsEmpty());
    for (const auto base : {guest_address_end - size + 1, guest_address_end, 0 - size, ~std::uint64_t{0}}) {
        beta.devices[1].base = {base};
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_too_high, 1))) << std::hex << base;
    }
}

TEST_F(CheckTest, KeepsTheWatchdogApart) {
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11});
    EXPECT_THAT(findings(), IsEmpty());
    beta.devices[2].base = beta.devices[1].base;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 2, 0, 1)));
    beta.devices[2].base = beta.devices[0].base + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 2, 0, 0)));
    beta.devices[2].base = files_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 0, 0, 2)));
}

TEST_F(CheckTest, WantsEmulatedDevicesInWholeWordsBehindAddressZero) {
    const auto lawful = beta.devices;
    const auto finding = of_beta(Rule::virtual_device_invalid, 0);
    beta.devices[0].size += 2;
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices = lawful;
    beta.devices[0].base = beta.devices[0].base + 2;
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices[0].base = {};
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices = lawful;
    beta.devices[1].size += 1;
    EXPECT_THAT(findings(), IsEmpty()) << "a 16550's are bytes";
    beta.devices[1].base = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_invalid, 1)));
}

TEST_F(CheckTest, WantsOneDeviceOfAKind) {
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11});
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'2000}, 0x20, 12});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_twice, 3, 0, 2)));
}

TEST_F(CheckTest, ResetsOnlyTheGuestsOwnDevices) {
    const auto finding = Finding{Rule::reset_outside_device, 0};
    for (const auto& lawful :
         {DeviceReset{rtc_at + 0x10, 0, 4}, {rtc_at + 0x10, 0, 4, true}, {rtc_at + 1, 0, 1}, {rtc_at + 0xffe, 0, 2}}) {
        alpha.resets = {lawful};
        EXPECT_THAT(findings(), IsEmpty());
    }
    for (const auto& wrong : {DeviceReset{rtc_at + page_size, 0, 4},
                              {rtc_at + 2, 0, 4},
                              {rtc_at, 0, 8},
                              {rtc_at, 0, 2, true},
                              {rtc_at, 0, 0},
                              {memory_at, 0, 4},
                              {files_at, 0, 4}}) {
        alpha.resets = {wrong};
        EXPECT_THAT(findings(), ElementsAre(finding));
    }
}

TEST_F(CheckTest, JudgesSources) {
    beta.sources = {{12}, {11}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_taken, 1, 0, 0)));
}

TEST_F(CheckTest, WantsNoInterruptFilesWithoutAnImsic) {
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

TEST_F(CheckTest, WantsImagesThatExist) {
    beta.loads[0].image = 2;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::image_unknown, 0)));
}

TEST_F(CheckTest, LoadsNothingFromBehindAnImage) {
    beta.loads[1].offset = 1;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_image, 1)));
    beta.loads[1].offset = ~std::uint64_t{0};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_image, 1)));
}

TEST_F(CheckTest, LoadsOnlyIntoMemory) {
    beta.loads[1].to = memory_at + 64 * mebi - 2999;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_memory, 1)));
    beta.loads[1].to = files_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_memory, 1)));
}

TEST_F(CheckTest, RefusesLoadsThatOverlap) {
    beta.loads[1].to = beta.loads[0].to + (5 * mebi - 1);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::loads_overlap, 1, 1, 0)));
}

TEST_F(CheckTest, EntersMemory) {
    for (const Gpa entry : {memory_at - 2, memory_at + 1, memory_at + 64 * mebi, files_at}) {
        beta.rest.entry = entry;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::entry_outside_memory))) << std::hex << entry.value;
    }
}

TEST_F(CheckTest, EntersExecutableMemory) {
    memory().rights = Rights::rw;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::entry_outside_memory)));
}

TEST_F(CheckTest, WantsTheTreeAlignedInMemory) {
    for (const Gpa tree : {memory_at + 4, memory_at + 64 * mebi, files_at}) {
        beta.rest.tree = tree;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::tree_outside_memory))) << std::hex << tree.value;
    }
}

TEST_F(CheckTest, WhatAGuestNeedsIsNotLeftOut) {
    beta.rest.verified = true;
    beta.rest.policy.stop = {StopRequest::software_event, Stop::min_seconds};
    EXPECT_THAT(findings(), IsEmpty());
    services = services.without(Service::verification);
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::verification))));
    services = Services::all().without(Service::sse);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::sse))));
    beta.rest.policy.stop = {StopRequest::sysrq, Stop::min_seconds};
    services = Services::all().without(Service::sse).without(Service::pmu).without(Service::terminal);
    EXPECT_THAT(findings(), IsEmpty());
    beta.rest.policy.start.by_operator = true;
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::terminal))));
}

TEST_F(CheckTest, OnlyAPolicyOfEndsNeedsPolicies) {
    services = Services::all().without(Service::policies);
    beta.rest.policy.start.delay_ms = 10;
    beta.rest.policy.crash = Policy{}.crash;
    EXPECT_THAT(findings(), IsEmpty());
    const auto needed = ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::policies)));
    beta.rest.policy.crash = {Action::restart, {}};
    EXPECT_THAT(findings(), needed);
    beta.rest.policy = {};
    beta.rest.policy.reboot.limit = {1, 10};
    EXPECT_THAT(findings(), needed);
    beta.rest.policy = {};
    beta.rest.policy.stop = {StopRequest::sysrq, Stop::min_seconds};
    EXPECT_THAT(findings(), needed);
}

TEST_F(CheckTest, ThePlaceOfTheSeedIsInTheTree) {
    const auto tree = beta.loads[1];
    for (const auto at : {tree.to, tree.to + (3000 - SeedPlace::size)}) {
        beta.rest.seed.at = at;
        EXPECT_THAT(findings(), IsEmpty());
    }
    for (const auto at : {tree.to - 4, tree.to + (3000 - SeedPlace::size + 4), tree.to + 2, Gpa{4}, beta.loads[0].to}) {
        beta.rest.seed.at = at;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::seed_outside_tree))) << std::hex << at.value;
    }
}

}  // namespace
}  // namespace mullion
