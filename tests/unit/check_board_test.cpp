// SPDX-License-Identifier: Apache-2.0
#include "core/check_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckBoard : public testing::Test {
 protected:
    CheckBoard() {
        board.timebase_frequency = 1;
        board.load_address = {0x8020'0000};
        board.console = {{0x1000'0000}, 0x100, 0, 10};
    }

    std::vector<Finding> findings() {
        board.harts = harts;
        board.ram = ram;
        board.reserved = reserved;
        std::vector<Finding> all;
        const auto add = [&](const Finding& finding) { all.push_back(finding); };
        law::check_board(board, {{0x8020'0000}, mebi}, add);
        return all;
    }

    std::vector<Hart> harts;
    std::vector<HostRange> ram{{{0x8000'0000}, gibi}};
    std::vector<HostRange> reserved;
    Board board;
};

/// Two sockets of two harts, whose interrupt files lie in two regions.
class Sockets : public CheckBoard {
 protected:
    Sockets() {
        for (const std::uint32_t index : {0b0'0, 0b0'1, 0b1'0, 0b1'1}) {
            harts.push_back(hart(index));
        }
        board.aplic = {{0xd00'0000}, 0x8000, 96};
        board.imsic = {{0x2800'0000}, 0x4000, 1, 255, 255, 2, 1, 24};
    }

    Hart hart(std::uint32_t index) const {
        return {.id = HartId{harts.size()},
                .imsic_index = index,
                .features = {},
                .cboz_block = 0,
                .cbom_block = 0,
                .mmu_bits = 39};
    }
};

TEST_F(Sockets, AreLawful) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Sockets, HaveMemoryOnce) {
    ram.push_back({{0x8000'0000 + gibi}, gibi});
    EXPECT_THAT(findings(), IsEmpty()) << "side by side";
    ram.push_back({{0x8000'0000 + gibi - 1}, 1});
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::ram_overlaps, Finding::board, 2, Finding::board, 0}));
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

TEST_F(Sockets, LieBelowTheEndOfHostAddresses) {
    board.imsic.group_index_shift = 38;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
}

TEST_F(Sockets, HaveAnAplicForTheirWires) {
    board.aplic = {};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::no_controller}));
}

TEST_F(Sockets, HaveIndexBitsOfAnAddress) {
    const auto lawful = board.imsic;
    for (const auto& spoil : std::vector<void (*)(Imsic&)>{
             [](Imsic& i) { i.groups = 0; }, [](Imsic& i) { i.groups = 129; }, [](Imsic& i) { i.hart_index_bits = 16; },
             [](Imsic& i) { i.group_index_shift = 56; }, [](Imsic& i) { i.group_index_shift = 64; }}) {
        board.imsic = lawful;
        spoil(board.imsic);
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::imsic_bits_invalid}));
    }
}

TEST_F(Sockets, HaveHartsOfDistinctIds) {
    harts[3].id = harts[1].id;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hart_id_taken, Finding::board, 3, Finding::board, 1}));
}

TEST_F(Sockets, HaveHartsWithAModeThatThereIs) {
    for (const std::uint16_t bits : {0, 32, 40, 64, 65'535}) {
        harts[2].mmu_bits = bits;
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hart_sizes_invalid, Finding::board, 2})) << bits;
    }
}

TEST_F(Sockets, HaveHartsWithCacheBlocksThatDivideAPage) {
    for (const auto& [extension, size] :
         {std::pair{Extension::zicboz, &Hart::cboz_block}, {Extension::zicbom, &Hart::cbom_block}}) {
        harts[1].features = Features{}.with(extension);
        for (const std::uint16_t block : {0, 3, 48, 4097, 8192, 65'535}) {
            harts[1].*size = block;
            EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hart_sizes_invalid, Finding::board, 1})) << block;
        }
        for (const std::uint16_t block : {1, 64, 4096}) {
            harts[1].*size = block;
            EXPECT_THAT(findings(), IsEmpty()) << block;
        }
        harts[1].features = {};
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hart_sizes_invalid, Finding::board, 1}))
            << "no instruction is about them";
        harts[1].*size = 0;
    }
}

TEST_F(Sockets, MayHaveAnIommuWithAPageOfRegisters) {
    board.iommu = {{0x301'0000}, 0x1000};
    EXPECT_THAT(findings(), IsEmpty());
    board.iommu.size = 0xfff;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::iommu_invalid}));
    board.iommu = {{0x301'0800}, 0x1000};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::iommu_invalid}));
    board.iommu = {{host_address_end}, 0x1000};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
    board.iommu = {{0x8020'1000}, 0x1000};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
}

TEST_F(Sockets, HaveATimeThatGoesOn) {
    board.timebase_frequency = 0;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::timebase_invalid}));
}

TEST_F(Sockets, HaveAConsoleWithRegistersOfOneWordOrByte) {
    const auto refused = [&] {
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::console_invalid})) << int{board.console.io_width};
    };
    board.console.reg_shift = 2;
    for (const std::uint8_t width : {1, 4}) {
        board.console.io_width = width;
        EXPECT_THAT(findings(), IsEmpty()) << int{width};
    }
    for (const std::uint8_t width : {0, 2, 8, 255}) {
        board.console.io_width = width;
        refused();
    }
    board.console.io_width = 4;
    board.console.reg_shift = 1;
    refused();
    board.console.reg_shift = 2;
    board.console.base = board.console.base + 2;
    refused();
}

TEST_F(Sockets, HaveAConsoleWithWhatItsDriverUses) {
    board.console.kind = Board::Console::Kind::dw_apb;
    board.console.size = 128;
    board.console.reg_shift = 2;
    EXPECT_THAT(findings(), IsEmpty());
    board.console.size = 127;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::console_invalid})) << "its status register is outside";
}

TEST_F(Sockets, HaveAConsoleWithAllItsRegisters) {
    board.console.reg_shift = 5;
    EXPECT_THAT(findings(), IsEmpty());
    for (const std::uint32_t shift : {6U, 32U, 64U, 67U, ~0U}) {
        board.console.reg_shift = shift;
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::console_invalid})) << shift;
    }
}

TEST_F(Sockets, KeepTheHypervisorOffWhatIsReserved) {
    reserved = {{{0x802f'f000}, page_size}};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
    reserved = {{{0x8030'0000}, page_size}};
    EXPECT_THAT(findings(), IsEmpty());
}

/// Three harts behind a PLIC, where each has a context for M-mode before that for S-mode.
class WithPlic : public CheckBoard {
 protected:
    WithPlic() {
        for (const std::uint32_t context : {1U, 3U, 5U}) {
            harts.push_back({.id = HartId{harts.size()}, .features = {}, .mmu_bits = 39, .context = context});
        }
        board.plic = {{0xc00'0000}, 0x20'6000, 95};
    }
};

TEST_F(WithPlic, IsLawful) {
    EXPECT_EQ(board.controller(), InterruptController::plic);
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(WithPlic, HasAContextForEachHartInsideItsRegisters) {
    board.plic.size -= 1;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_outside, Finding::board, 2}));
    board.plic.size = 0x4000'0000;
    EXPECT_THAT(findings(), IsEmpty());
    harts[1].context = 15'871;
    EXPECT_THAT(findings(), IsEmpty());
    for (const std::uint32_t context : {15'872U, ~0U}) {
        harts[1].context = context;
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_outside, Finding::board, 1})) << context;
    }
}

TEST_F(WithPlic, HasAContextOfItsOwnForEachHart) {
    harts[2].context = 1;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_taken, Finding::board, 2, Finding::board, 0}));
}

TEST_F(WithPlic, HasSources) {
    for (const std::uint32_t sources : {0U, 1024U}) {
        board.plic.num_sources = sources;
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_sources_invalid})) << sources;
    }
}

TEST_F(WithPlic, HasTheConsolesSource) {
    for (const std::uint32_t source : {0U, 96U}) {
        board.console.source = source;
        EXPECT_THAT(findings(), ElementsAre(Finding{Rule::console_source_invalid})) << source;
    }
}

TEST_F(WithPlic, LiesBelowTheEndOfHostAddresses) {
    board.plic.base = {host_address_end - page_size};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
}

/// The same harts behind an APLIC that interrupts them itself.
class WithAplic : public WithPlic {
 protected:
    WithAplic() {
        board.aplic = {board.plic.base, 0x4000 + 6 * 32, 96};
        board.plic = {};
    }
};

TEST_F(WithAplic, IsLawful) {
    EXPECT_EQ(board.controller(), InterruptController::aplic);
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(WithAplic, HasAStructureForEachHartInsideItsRegisters) {
    board.aplic.size -= 1;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_outside, Finding::board, 2}));
    board.aplic.size = 0x20'0000;
    harts[1].context = 16'384;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_outside, Finding::board, 1}));
}

TEST_F(WithAplic, HasAStructureOfItsOwnForEachHart) {
    harts[1].context = 1;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::context_taken, Finding::board, 1, Finding::board, 0}));
}

}  // namespace
}  // namespace mullion
