// SPDX-License-Identifier: Apache-2.0
#include "vm/pci_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "fake_pci.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t nvme = 0x10 * 4096, virtio = 0x18 * 4096, foreign = 0x20 * 4096;

/// A guest with two functions; a third is another guest's.
class PciHostTest : public testing::Test {
 protected:
    PciHostTest() {
        pci_bus.add_nvme(0x10);
        pci_bus.add_virtio(0x18);
        pci_bus.add_nvme(0x20);
    }

    std::uint32_t read(std::uint32_t at) { return host.read(at).value(); }
    void write(std::uint32_t at, std::uint32_t value) { EXPECT_EQ(host.write(at, value), Effect::none); }
    void write(std::uint32_t at, std::uint32_t bytes, std::uint32_t value) {
        EXPECT_EQ(host.write_part(at, bytes, value), Effect::none);
    }
    std::vector<std::uint8_t> capabilities(std::uint32_t function) {
        std::vector<std::uint8_t> ids;
        for (auto at = read(function + 0x34); at != 0; at = read(function + at) >> 8 & 0xff) {
            ids.push_back(static_cast<std::uint8_t>(read(function + at)));
        }
        return ids;
    }

    FakePci pci_bus;
    std::array<PciFunction, 2> functions{nvme_at(0x10), virtio_at(0x18)};
    std::array<PciSizing, 2> sizing{};
    VirtualPciHost<FakePci> host{functions, sizing, pci_bus};
};

TEST_F(PciHostTest, ShowsAGuestItsFunctionsAndNoOthers) {
    EXPECT_EQ(read(nvme), 0x0010'1b36u);
    EXPECT_EQ(read(nvme + 8), 0x0108'0202u);
    EXPECT_EQ(read(virtio), 0x1041'1af4u);
    for (const auto at : {foreign, foreign + 0x3c, 0u, 0xff'ffcu, nvme + 4096}) {
        EXPECT_EQ(read(at), 0xffff'ffffu) << at;
        write(at, 0xffff'ffff);
        write(at, 1, 0xff);
    }
    EXPECT_THAT(pci_bus.stores, IsEmpty());
}

TEST_F(PciHostTest, HasBarsWhereTheDescriptionHasThem) {
    EXPECT_EQ(read(nvme + 0x10), 4u);
    EXPECT_EQ(read(nvme + 0x14), 4u);
    EXPECT_EQ(read(virtio + 0x14), 0x4000'1000u);
    EXPECT_EQ(read(virtio + 0x20), 0x0001'000cu);
    for (const std::uint32_t at : {0x10, 0x18, 0x1c, 0x28, 0x30, 0x38, 0x3c}) {
        EXPECT_EQ(read(virtio + at), 0u) << at;
    }
}

TEST_F(PciHostTest, TellsTheSizeOfABarAndStillHasItInPlace) {
    for (const std::uint32_t ones : {0xffff'ffffu, 0xffff'fff0u}) {
        write(nvme + 0x10, ones);
        EXPECT_EQ(read(nvme + 0x10), 0xffff'c004u);
        EXPECT_EQ(read(virtio + 0x14), 0x4000'1000u) << "another's";
        write(nvme + 0x14, 0xffff'ffff);
        EXPECT_EQ(read(nvme + 0x14), 0xffff'ffffu);
        write(nvme + 0x10, 0x1234'4000);
        EXPECT_EQ(read(nvme + 0x10), 4u) << "an address that is not the function's";
        write(nvme + 0x14, 0);
        EXPECT_EQ(read(nvme + 0x14), 4u);
    }
    write(virtio + 0x10, 0xffff'ffff);
    EXPECT_EQ(read(virtio + 0x10), 0u) << "a register without a BAR";
    write(virtio + 0x30, 0xffff'f800);
    EXPECT_EQ(read(virtio + 0x30), 0u) << "no ROM";
    write(virtio + 0x14, 0xffff'ffff);
    host.reset();
    EXPECT_EQ(read(virtio + 0x14), 0x4000'1000u);
    EXPECT_THAT(pci_bus.stores, IsEmpty()) << "nothing of it reaches the function";
}

TEST_F(PciHostTest, SizesNothingByPartOfARegister) {
    write(virtio + 0x14, 1, 0xff);
    write(virtio + 0x16, 2, 0xffff);
    EXPECT_EQ(read(virtio + 0x14), 0x4000'1000u);
}

TEST_F(PciHostTest, LetsTheGuestTurnMemoryAndDmaOnAndNothingElse) {
    write(nvme + 4, 0xffff'ffff);
    EXPECT_EQ(pci_bus[0x10].word(4) & 0xffff, 0x546u) << "memory, bus master, errors, no INTx, no ports";
    EXPECT_EQ(read(nvme + 4) & 0xffff, 0x546u);
    write(nvme + 4, 2, 0);
    EXPECT_EQ(pci_bus[0x10].word(4) & 0xffff, 0x400u) << "and INTx stays off";
    write(nvme + 4, 1, 6);
    EXPECT_EQ(pci_bus[0x10].word(4) & 0xffff, 0x406u);
    write(nvme + 5, 1, 0);
    EXPECT_EQ(pci_bus[0x10].word(4) & 0xffff, 0x406u) << "the upper byte alone";
}

TEST_F(PciHostTest, GivesNoDmaBackThatWasLost) {
    pci_bus.has_dma = false;
    write(nvme + 4, 2, 6);
    EXPECT_EQ(pci_bus[0x10].word(4) & 6, 2u) << "memory alone";
    pci_bus.has_dma = true;
    write(nvme + 4, 2, 6);
    EXPECT_EQ(pci_bus[0x10].word(4) & 6, 6u);
}

TEST_F(PciHostTest, LooksAfterWhatIsRefused) {
    host.reset();
    EXPECT_EQ(pci_bus.watched, 1u) << "from the first start on";
    EXPECT_EQ(host.deadline(), 7u);
    EXPECT_EQ(host.expire(), Effect::deadline);
    EXPECT_EQ(pci_bus.watched, 2u);
}

TEST_F(PciHostTest, HasBarsInPlaceBeforeTheFunctionUsesThem) {
    auto& function = pci_bus[0x10];
    for (const std::uint32_t bit : {2u, 4u}) {
        function.forget();
        pci_bus.stores.clear();
        write(nvme + 4, 2, bit);
        EXPECT_EQ(function.word(0x14), 4u);
        EXPECT_EQ(pci_bus.stores.back().at, 4u) << "the command comes last";
        pci_bus.stores.clear();
        write(nvme + 4, 2, bit);
        EXPECT_EQ(pci_bus.stores.size(), 1u) << "once";
    }
}

TEST_F(PciHostTest, ClearsErrorsOnly) {
    write(nvme + 4, 0xf900'0000 | 0x00ff'0000);
    EXPECT_THAT(pci_bus.stores, Contains(FakePci::Store{0x10, 6, 2, 0xf900}));
    pci_bus.stores.clear();
    write(nvme + 6, 2, 0x0110);
    EXPECT_THAT(pci_bus.stores, ElementsAre(FakePci::Store{0x10, 6, 2, 0x0100}));
    pci_bus.stores.clear();
    write(nvme + 4, 1, 6);
    EXPECT_EQ(pci_bus.stores.back(), (FakePci::Store{0x10, 4, 2, 0x406})) << "a byte of the command clears no error";
}

TEST_F(PciHostTest, HidesThePinAndItsLevel) {
    pci_bus[0x10].put(0x3c, 0x0000'0123);
    pci_bus[0x10].put(4, 0x0018'0000);
    EXPECT_EQ(read(nvme + 0x3c), 0u);
    EXPECT_EQ(read(nvme + 4), 0x0010'0000u);
}

TEST_F(PciHostTest, ShowsFunctionsOfADeviceAsMany) {
    EXPECT_EQ(read(nvme + 0xc), 0u);
    pci_bus.add_nvme(0x11);
    std::array<PciFunction, 2> both{nvme_at(0x10), nvme_at(0x11)};
    VirtualPciHost<FakePci> other{both, sizing, pci_bus};
    EXPECT_EQ(other.read(nvme + 0xc).value(), pci::multi_function);
}

TEST_F(PciHostTest, ListsTheCapabilitiesThatItKnows) {
    EXPECT_THAT(capabilities(nvme), ElementsAre(pci::power_management, pci::msi_x, pci::express, pci::msi));
    EXPECT_THAT(capabilities(virtio), ElementsAre(pci::msi_x, pci::vendor_specific, pci::vendor_specific));
    EXPECT_EQ(read(nvme + 0x60), 0u) << "vital product data";
    EXPECT_EQ(read(nvme + 0x100), 0u) << "no extended ones";
    write(nvme + 0x64, 0xffff'ffff);
    EXPECT_EQ(pci_bus[0x10].word(0x64), 0u);
}

TEST_F(PciHostTest, SurvivesListsThatAreNone) {
    auto& function = pci_bus[0x10];
    function.put(0x50, 0x0040'4011);  // back to the first
    EXPECT_EQ(read(nvme + 0x80), 0u);
    EXPECT_EQ(read(nvme + 0x44), 8u);
    function.put(0x40, 0x0003'0401);  // into the header
    EXPECT_THAT(capabilities(nvme), ElementsAre(pci::power_management));
    function.put(4, 0);
    EXPECT_EQ(read(nvme + 0x34), 0u) << "none at all";
    function.away_until = 1;
    EXPECT_EQ(read(nvme + 0x34), 0u) << "a function in its reset";
    EXPECT_EQ(read(nvme), 0xffff'ffffu);
}

TEST_F(PciHostTest, PassesMessagesAndPower) {
    write(nvme + 0x52, 2, 0xc000);
    EXPECT_EQ(pci_bus[0x10].word(0x50), 0xc040'6011u);
    write(nvme + 0xc4, 0x2800'0000);
    EXPECT_EQ(pci_bus[0x10].word(0xc4), 0x2800'0000u);
    write(nvme + 0x44, 2, 3);
    EXPECT_EQ(pci_bus[0x10].word(0x44), 0xbu);
}

TEST_F(PciHostTest, LetsTheGuestResetItsFunctionAndKeepsSizesOfAccesses) {
    write(nvme + 0x88, 2, 0x70ff);
    EXPECT_EQ(pci_bus[0x10].word(0x88), 0x201fu) << "error bits";
    write(nvme + 0x88, 2, 0x8000);
    EXPECT_EQ(read(nvme), 0xffff'ffffu) << "it is in its reset";
    pci_bus.time = 100;
    EXPECT_EQ(read(nvme), 0x0010'1b36u);
    EXPECT_EQ(pci_bus[0x10].word(0x88) & 0x7000, 0x2000u);
    pci_bus.stores.clear();
    write(nvme + 0x88, 0x000f'0000);
    EXPECT_THAT(pci_bus.stores, Contains(FakePci::Store{0x10, 0x8a, 2, 0xf}));
    write(nvme + 0x90, 4, 0xffff'ffff);
    EXPECT_EQ(pci_bus.stores.back().at, 0x8au) << "the link is not the guest's";
}

}  // namespace
}  // namespace mullion
