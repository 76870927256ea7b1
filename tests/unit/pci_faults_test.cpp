// SPDX-License-Identifier: Apache-2.0
#include "vm/pci_faults.hpp"

#include <gtest/gtest.h>

#include "fake_pci.hpp"

namespace mullion {
namespace {

using Step = PciFaults::Step;

class PciFaultsTest : public testing::Test {
 protected:
    void note(std::uint32_t times, const PciFunction& function) {
        for (std::uint32_t i = 0; i < times; ++i) {
            faults.note(function);
        }
    }

    const PciFunction disk = nvme_at(0x10), network = virtio_at(0x18);
    PciFaults faults;
};

TEST_F(PciFaultsTest, AreToldOnceInALife) {
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    note(1, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::tell);
    EXPECT_EQ(faults.settle(network, false), Step::nothing) << "another's";
    note(99, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    EXPECT_EQ(faults[0x10].refused, 100u);
    faults.begin_life(disk);
    EXPECT_EQ(faults[0x10].refused, 0u);
    note(1, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::tell);
}

TEST_F(PciFaultsTest, InNumbersAndOnEndEndTheFunctionsDma) {
    note(PciFaults::many, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::tell) << "one slip may be many accesses";
    note(PciFaults::many, disk);
    EXPECT_FALSE(faults[0x10].is_ended);
    EXPECT_EQ(faults.settle(disk, false), Step::end);
    EXPECT_TRUE(faults[0x10].is_ended);
    note(PciFaults::many, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::end_again) << "told once";
    faults.begin_life(disk);
    EXPECT_FALSE(faults[0x10].is_ended);
}

TEST_F(PciFaultsTest, AreForgivenAfterAQuietSecond) {
    note(PciFaults::many, disk);
    faults.settle(disk, false);
    note(PciFaults::many - 1, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    note(PciFaults::many, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    note(PciFaults::many, disk);
    EXPECT_EQ(faults.settle(disk, false), Step::nothing);
    EXPECT_FALSE(faults[0x10].is_ended);
}

TEST_F(PciFaultsTest, ThatAreNotRecordedCountAsMany) {
    note(1, disk);
    EXPECT_EQ(faults.settle(disk, true), Step::tell);
    EXPECT_EQ(faults.settle(network, true), Step::nothing) << "of one that has none of them";
    note(1, disk);
    EXPECT_EQ(faults.settle(disk, true), Step::end);
}

}  // namespace
}  // namespace mullion
