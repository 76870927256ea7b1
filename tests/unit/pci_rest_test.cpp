// SPDX-License-Identifier: Apache-2.0
#include "vm/pci_rest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "fake_pci.hpp"

namespace mullion::pci {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class PciRest : public testing::Test {
 protected:
    PciRest() {
        bus.add_nvme(0x10);
        bus.add_virtio(0x18);
        for (const std::uint8_t number : {0x10, 0x18}) {
            bus[number].put(command, has_capabilities | memory_space | bus_master);
        }
        bus[0x10].put(0x50, 0xc040'6011);
        bus[0x18].put(0x98, 0xc003'8411);
    }

    std::vector<std::pair<unsigned, ResetKind>> rest() {
        std::vector<std::pair<unsigned, ResetKind>> failed;
        bring_to_rest(std::span<const PciFunction>{functions}, bus,
                      [&](const PciFunction& function, ResetKind kind) { failed.emplace_back(function.number, kind); });
        return failed;
    }

    FakePci bus;
    std::vector<PciFunction> functions{nvme_at(0x10), virtio_at(0x18)};
};

TEST_F(PciRest, LeavesNothingOfWhatWasSetUp) {
    EXPECT_THAT(rest(), IsEmpty());
    EXPECT_EQ(bus[0x10].word(command) & 6, 0u);
    EXPECT_EQ(bus[0x10].word(0x14), 4u) << "its BAR is where the description has it";
    EXPECT_EQ(bus[0x10].word(0x50) >> 30, 0u);
    EXPECT_EQ(bus[0x18].virtio_status, 0u);
    EXPECT_EQ(bus[0x18].word(command) & 6, 0u);
    EXPECT_EQ(bus[0x18].word(0x98) >> 30, 0u) << "MSI-X, which virtio's reset leaves";
    EXPECT_GE(bus.time, 100u);
    EXPECT_EQ(bus.lost, 0u) << "nothing is stored to a function in its reset";
}

TEST_F(PciRest, EndsDmaFirst) {
    rest();
    ASSERT_GE(bus.stores.size(), 3u);
    EXPECT_EQ(bus.stores[0], (FakePci::Store{0x10, command, 2, intx_disable}));
    EXPECT_EQ(bus.stores[1], (FakePci::Store{0x18, command, 2, intx_disable}));
}

TEST_F(PciRest, WaitsForWhatIsUnderWay) {
    bus[0x10].pending_until = 60;
    rest();
    const auto reset = std::ranges::find_if(bus.stores, [](const auto& store) { return store.at == 0x88; });
    ASSERT_NE(reset, bus.stores.end());
    EXPECT_GE(bus.time, 160u);
    bus[0x10].pending_until = ~std::uint64_t{0};
    const auto before = bus.time;
    EXPECT_THAT(rest(), IsEmpty()) << "a reset ends what never ends";
    EXPECT_LE(bus.time - before, 400u);
}

TEST_F(PciRest, WaitsForAFunctionThatIsSlow) {
    bus[0x10].reset_takes = 700;
    EXPECT_THAT(rest(), IsEmpty());
    EXPECT_EQ(bus[0x10].word(0x14), 4u);
}

TEST_F(PciRest, TellsWhichDoesNotEndIt) {
    bus[0x10].reset_takes = 100'000;
    bus[0x18].keeps_its_reset = false;
    EXPECT_THAT(rest(), ElementsAre(Pair(0x10, ResetKind::function_level)));
}

TEST_F(PciRest, TellsOfAVirtioDeviceThatIsNotReset) {
    functions = {virtio_at(0x18)};
    bus[0x18].writable.fill(0);
    bus[0x18].put(0x40, 0x0210'0009);  // no common configuration
    EXPECT_THAT(rest(), ElementsAre(Pair(0x18, ResetKind::none)));
}

TEST_F(PciRest, ResetsByPowerWhatHasNothingBetter) {
    functions = {nvme_at(0x10)};
    bus[0x10].put(0x84, 0);
    bus[0x10].put(0x44, 0);
    EXPECT_THAT(rest(), IsEmpty());
    std::vector<std::uint32_t> states;
    for (const auto& store : bus.stores) {
        if (store.at == 0x44) {
            states.push_back(store.value);
        }
    }
    EXPECT_THAT(states, ElementsAre(3, 0));
    bus[0x10].put(0x44, 8);  // No_Soft_Reset
    EXPECT_THAT(rest(), ElementsAre(Pair(0x10, ResetKind::none)));
}

}  // namespace
}  // namespace mullion::pci
