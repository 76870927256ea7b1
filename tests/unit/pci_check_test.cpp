// SPDX-License-Identifier: Apache-2.0
#include "vm/pci_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fake_pci.hpp"

namespace mullion::pci {
namespace {

using testing::HasSubstr;

std::string text(const std::optional<Text>& line) {
    return line ? std::string{line->view()} : "";
}

class PciCheckTest : public testing::Test {
 protected:
    PciCheckTest() {
        bus.add_nvme(0x10);
        bus.add_virtio(0x18);
    }

    FakePci bus;
};

TEST_F(PciCheckTest, NamesFunctionsAsLinuxDoes) {
    EXPECT_EQ(name_of(0x10).view(), "PCI function 00:02.0");
    EXPECT_EQ(name_of(0xff).view(), "PCI function 00:1f.7");
}

TEST_F(PciCheckTest, EndsWhatFirmwareLeft) {
    for (const std::uint8_t number : {0x10, 0x18}) {
        bus[number].put(command, has_capabilities | memory_space | bus_master);
        EXPECT_EQ(text(quieten(number, bus)), "");
        EXPECT_EQ(bus[number].word(command) & 0xffff, intx_disable);
    }
    EXPECT_EQ(bus[0x18].virtio_status, 0u);
}

TEST_F(PciCheckTest, LeavesHostBridgesAlone) {
    bus[0x10].put(class_code, 0x0600'0000);
    bus.stores.clear();
    EXPECT_EQ(text(quieten(0x10, bus)), "");
    EXPECT_EQ(text(quieten(0x30, bus)), "") << "no function";
    EXPECT_TRUE(bus.stores.empty());
}

TEST_F(PciCheckTest, RefusesVirtioThatGoesOn) {
    bus[0x18].keeps_its_reset = false;
    bus[0x18].put(0x40, 0x0210'0009);
    EXPECT_EQ(text(quieten(0x18, bus)),
              "PCI function 00:03.0 is a virtio device that cannot be reset: it may go on to do DMA around the IOMMU");
}

TEST_F(PciCheckTest, TakesFunctionsOfTheDescription) {
    EXPECT_EQ(text(check_function(nvme_at(0x10), bus)), "");
    EXPECT_EQ(bus[0x10].word(0x10), 4u);
    EXPECT_EQ(bus[0x10].word(0x14), 4u);
    EXPECT_EQ(text(check_function(virtio_at(0x18), bus)), "");
    EXPECT_EQ(bus[0x18].word(0x14), 0x4000'1000u);
}

TEST_F(PciCheckTest, TellsWhatDiffers) {
    EXPECT_EQ(text(check_function(nvme_at(0x18), bus)),
              "PCI function 00:03.0 has the ids 0x10411af4, where the board file has 0x101b36");
    EXPECT_THAT(text(check_function(nvme_at(0x20), bus)), HasSubstr("has the ids 0xffffffff"));
    auto other = nvme_at(0x10);
    other.bars[0].size = 0x8000;
    EXPECT_EQ(text(check_function(other, bus)), "PCI function 00:02.0 has another BAR 0 than the board file");
    other = nvme_at(0x10);
    other.bars[0].is_prefetchable = true;
    EXPECT_THAT(text(check_function(other, bus)), HasSubstr("another BAR 0"));
    other = nvme_at(0x10);
    other.bars[0] = {};
    EXPECT_THAT(text(check_function(other, bus)), HasSubstr("another BAR 0"))
        << "one that the board file does not have";
    bus[0x10].put(bar0 + 8, 1);
    bus[0x10].open(bar0 + 8, 0xffff'fff0);
    EXPECT_EQ(text(check_function(nvme_at(0x10), bus)), "") << "ports are nobody's";
    bus[0x10].put(header_type, 0x0001'0000);
    EXPECT_EQ(text(check_function(nvme_at(0x10), bus)), "PCI function 00:02.0 is a bridge");
}

TEST_F(PciCheckTest, RefusesDmaAroundTheIommu) {
    bus[0x18].virtio_features = 0xffff'ffff | std::uint64_t{0xffff'fffd} << 32;
    EXPECT_THAT(text(check_function(virtio_at(0x18), bus)), HasSubstr("does DMA around the IOMMU"));
}

}  // namespace
}  // namespace mullion::pci
