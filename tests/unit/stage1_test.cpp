// SPDX-License-Identifier: Apache-2.0
#include "core/stage1.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "../proof/description.hpp"
#include "core/layout_of.hpp"

namespace mullion {
namespace {

constexpr const Description& d = generated::description;
constexpr auto l = layout_of(d);
constexpr auto words = build_stage1<stage1_size(d) / 8>(d, l);
constexpr std::uint64_t alpha_memory = 0x9000'0000;
constexpr std::uint64_t beta_memory = 0x9400'0000;

/// Returns the low bits of the leaf that maps `at` in address space `tree`.
std::optional<unsigned> leaf(std::size_t tree, std::uint64_t at) {
    auto table = words.data() + tree * 512;
    for (unsigned level = 2;; --level) {
        const auto entry = table[at >> (12 + 9 * level) & 511];
        if (entry == 0) {
            return std::nullopt;
        }
        if ((entry & 0xe) != 0) {
            EXPECT_EQ(entry >> 10 << 12, align_down(at, std::uint64_t{1} << (12 + 9 * level)));
            return entry & 0x3ff;
        }
        table = words.data() + ((entry >> 10 << 12) - l.stage1.base.value) / 8;
    }
}

constexpr unsigned rx = 0b1100'1011;
constexpr unsigned r = 0b1100'0011;
constexpr unsigned rw = 0b1100'0111;

class Stage1 : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(AddressSpaces, Stage1, testing::Range<std::size_t>(0, 3));

TEST_P(Stage1, GivesEachPartOfTheHypervisorItsRights) {
    EXPECT_EQ(leaf(GetParam(), l.text.base.value), rx);
    EXPECT_EQ(leaf(GetParam(), l.rodata.base.value), r);
    EXPECT_EQ(leaf(GetParam(), l.stage1.base.value), r);
    EXPECT_EQ(leaf(GetParam(), l.stage2.end().value - 1), r);
    EXPECT_EQ(leaf(GetParam(), l.data.base.value), rw);
    EXPECT_EQ(leaf(GetParam(), l.stacks.end().value - 1), rw);
}

TEST_P(Stage1, LeavesTheGuardPageOfEachStackOut) {
    for (std::size_t hart = 0; hart < 4; ++hart) {
        const auto block = l.stacks.base.value + hart * stack_block;
        EXPECT_EQ(leaf(GetParam(), block), std::nullopt);
        EXPECT_EQ(leaf(GetParam(), block + stack_guard), rw);
    }
}

TEST_P(Stage1, ReachesTheControllersAndNoFirmware) {
    EXPECT_EQ(leaf(GetParam(), 0x1000'0000), rw);
    EXPECT_EQ(leaf(GetParam(), 0x0d00'7fff), rw);
    EXPECT_EQ(leaf(GetParam(), 0x0d00'8000), std::nullopt);
    EXPECT_EQ(leaf(GetParam(), 0x0301'0000), rw);
    for (const auto file : {0x2800'0000, 0x2800'2000, 0x2800'4000, 0x2800'6000}) {
        EXPECT_EQ(leaf(GetParam(), static_cast<std::uint64_t>(file)), rw);
    }
    EXPECT_EQ(leaf(GetParam(), 0x8000'0000), std::nullopt);
    EXPECT_EQ(leaf(GetParam(), 0x0010'1000), std::nullopt) << "a device that is alpha's";
}

TEST(Stage1OfAGuest, ReachesThatGuestsMemoryAndFilesOnly) {
    EXPECT_EQ(leaf(0, alpha_memory), rw);
    EXPECT_EQ(leaf(0, 0x2800'7000), rw);
    EXPECT_EQ(leaf(0, beta_memory), std::nullopt);
    EXPECT_EQ(leaf(0, 0x2800'1000), std::nullopt);
    EXPECT_EQ(leaf(1, beta_memory), rw);
    EXPECT_EQ(leaf(1, 0x2800'1000), rw);
    EXPECT_EQ(leaf(1, alpha_memory), std::nullopt);
}

TEST(Stage1OfNoGuest, ReachesNoGuestsMemory) {
    EXPECT_EQ(leaf(2, alpha_memory), std::nullopt);
    EXPECT_EQ(leaf(2, beta_memory), std::nullopt);
    EXPECT_EQ(leaf(2, 0x2800'7000), std::nullopt);
}

TEST(Stage1Regions, AreThePlicInPlaceOfAplicAndFiles) {
    auto wired = d;
    wired.board.imsic = {};
    wired.board.iommu = {};
    wired.board.pci = {};
    wired.board.plic = {{0xc00'0000}, 0x60'0000, 95};
    const Stage1Common regions{wired, l};
    std::size_t outside = 0;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const auto region = regions[i].range;
        if (region.base < l.text.base && region.size != 0 && region.base != d.board.console.base) {
            EXPECT_EQ(region, (HostRange{{0xc00'0000}, 0x60'0000}));
            ++outside;
        }
    }
    EXPECT_EQ(outside, 1u);
}

TEST(Satp, LeadsToTheAddressSpaceOfTheHartsGuest) {
    const auto values = satp_values<4>(d, l);
    const auto sv39 = std::uint64_t{8} << 60 | l.stage1.base.value / page_size;
    EXPECT_EQ(values, (std::array<std::uint64_t, 4>{sv39 + 1, sv39, sv39 + 1, sv39}));
}

TEST(Satp, LeadsToTheLastForAHartWithoutAGuest) {
    auto one = d;
    one.guests = one.guests.first(1);
    const auto values = satp_values<4>(one, layout_of(one));
    EXPECT_EQ(values[0], values[1] + 1);
}

TEST(Stage1Size, CoversTheLayoutThatItLeadsTo) {
    auto many = d;
    for (const std::uint64_t megabytes : {0, 1, 31, 64, 200, 900}) {
        const std::array<Image, 1> images{{{"image", megabytes * mebi}}};
        many.images = images;
        EXPECT_LE(stage1_tables(many, layout_of(many)) * page_size, stage1_size(many)) << megabytes;
    }
}

}  // namespace
}  // namespace mullion
