// SPDX-License-Identifier: Apache-2.0
#include "core/check_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two sockets of two harts, whose interrupt files lie in two regions.
class Sockets : public testing::Test {
 protected:
    Sockets() {
        for (const std::uint32_t index : {0b0'0, 0b0'1, 0b1'0, 0b1'1}) {
            harts.push_back(hart(index));
        }
        board.load_address = {0x8020'0000};
        board.imsic = {{0x2800'0000}, 0x4000, 1, 255, 2, 1, 24};
    }

    Hart hart(std::uint32_t index) const {
        return {.id = HartId{harts.size()}, .imsic_index = index, .features = {}, .cboz_block = 0, .mmu_bits = 39};
    }

    std::vector<Finding> findings() {
        board.harts = harts;
        board.ram = ram;
        std::vector<Finding> all;
        const auto add = [&](const Finding& finding) { all.push_back(finding); };
        law::check_board(board, {{0x8020'0000}, mebi}, add);
        return all;
    }

    std::vector<Hart> harts;
    std::vector<HostRange> ram{{{0x8000'0000}, gibi}};
    Board board;
};

TEST_F(Sockets, AreLawful) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Sockets, HaveNoHartInAGroupThatIsNotThere) {
    harts[2].imsic_index = 0b10'0;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::interrupt_files_outside, Finding::board, 2}));
}

TEST_F(Sockets, HaveNoHartBeyondItsGroupsRegion) {
    board.imsic.hart_index_bits = 2;
    harts = {hart(0b1'10)};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::interrupt_files_outside, Finding::board, 0}));
}

TEST_F(Sockets, HaveFilesOfTheirOwnThoughRegionsMeet) {
    board.imsic.group_index_shift = 13;  // as far apart as two harts of a group
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::imsic_index_taken, Finding::board, 2, Finding::board, 1}));
}

TEST_F(Sockets, KeepDevicesOffEveryRegion) {
    EXPECT_TRUE(law::over_files(board.imsic, {{0x2900'3000}, page_size}));
    EXPECT_FALSE(law::over_files(board.imsic, {{0x2900'4000}, page_size}));
    EXPECT_FALSE(law::over_files(board.imsic, {{0x2880'0000}, page_size}));
}

TEST_F(Sockets, LieBelowTheEndOfHostAddresses) {
    board.imsic.group_index_shift = 38;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
}

}  // namespace
}  // namespace mullion
