// SPDX-License-Identifier: Apache-2.0
#include "core/kept.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "../proof/description.hpp"
#include "core/check.hpp"
#include "core/layout_of.hpp"
#include "core/owner.hpp"
#include "core/stage1_regions.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::Each;
using testing::IsEmpty;
using testing::Not;
using Kind = Kept::Kind;

/// Returns who is told to own what a row of this kind keeps. A kind that has no case here does not compile.
Owner::Kind keeper(Kind kind) {
    switch (kind) {
        case Kind::console:
        case Kind::controller:
        case Kind::interrupt_files:
        case Kind::supervisor_file:
        case Kind::iommu:
        case Kind::pci_host:
        case Kind::pci_bus:
            return Owner::Kind::mullion;
        case Kind::timer:
        case Kind::firmware:
            return Owner::Kind::firmware;
    }
    return Owner::Kind::nothing;
}

/// Two sockets, each with an IMSIC of its own; a timer, and a controller that Mullion does not drive.
class KeptTest : public testing::Test {
 protected:
    KeptTest() {
        d.board.imsic = {{0x2800'0000}, 0x4000, 1, 255, 255, 2, 1, 24};
        d.board.kept = more;
        d.board.harts = harts;
        d.guests = {&guest, 1};
        guest.windows = {&window, 1};
    }

    KeptList list() const { return KeptList{d.board}; }

    /// Returns the findings about a window of the guest's over that page.
    std::vector<Finding> findings(Hpa at, WindowKind kind) {
        window = {{0x10'0000}, at, page_size, Rights::rw, kind};
        std::vector<Finding> all;
        check(d, [&](const Finding& finding) { all.push_back(finding); });
        std::erase_if(all, [](const Finding& f) { return f.rule != Rule::host_is_kept; });
        return all;
    }

    Owner::Kind owner(Hpa at) {
        guest.windows = {};
        std::vector<Kept> rows;
        for (std::size_t i = 0; i < list().size(); ++i) {
            rows.push_back(list()[i]);
        }
        const auto kind = owner_of(d, layout_of(description), rows, at).kind;
        guest.windows = {&window, 1};
        return kind;
    }

    bool is_mapped(Hpa at) const {
        const auto l = layout_of(description);
        const Stage1Common regions{d, l};
        bool found = false;
        for (std::size_t i = 0; i < regions.size(); ++i) {
            found = found || (regions[i].range.contains(at) && regions[i].rights == Rights::rw);
        }
        return found;
    }

    const Description& description = generated::description;
    const std::array<Hart, 4> harts{{{HartId{0}, 0b0'0, {}, 0, 0, 57},
                                     {HartId{1}, 0b0'1, {}, 0, 0, 57},
                                     {HartId{2}, 0b1'0, {}, 0, 0, 57},
                                     {HartId{3}, 0b1'1, {}, 0, 0, 57}}};
    std::vector<Kept> more{{Kind::timer, {{0x200'0000}, 0x1'0000}}, {Kind::controller, {{0xc00'0000}, 0x8000}}};
    Window window{};
    Guest guest = generated::guests[0];
    Description d = generated::description;
};

TEST_F(KeptTest, EveryRowReachesTheLawTheTablesAndReports) {
    std::set<Kind> seen;
    for (std::size_t i = 0; i < list().size(); ++i) {
        const auto row = list()[i];
        const auto last = row.range.end() - 1;
        EXPECT_THAT(findings(pages_of(row.range).base, WindowKind::device), Not(IsEmpty())) << i;
        EXPECT_THAT(findings({align_down(last.value, page_size)}, WindowKind::device), Not(IsEmpty())) << i;
        EXPECT_THAT(findings(pages_of(row.range).base, WindowKind::memory), Not(IsEmpty())) << i;
        for (const auto at : {row.range.base, last}) {
            EXPECT_EQ(owner(at), keeper(row.kind)) << i;
        }
        if (row.reached) {
            EXPECT_TRUE(is_mapped(row.range.base) && is_mapped(last)) << i;
        }
        seen.insert(row.kind);
    }
    EXPECT_THAT(seen,
                testing::ElementsAre(Kind::console, Kind::controller, Kind::interrupt_files, Kind::supervisor_file,
                                     Kind::iommu, Kind::pci_host, Kind::pci_bus, Kind::timer, Kind::firmware));
}

TEST_F(KeptTest, ARowThatNoPartOfTheBoardIsReachesThemToo) {
    const Hpa at{0x7000'0000};
    EXPECT_THAT(findings(at, WindowKind::device), IsEmpty());
    EXPECT_EQ(owner(at), Owner::Kind::nothing);
    more.push_back({Kind::controller, {at, 8}});
    d.board.kept = more;
    EXPECT_THAT(findings(at, WindowKind::device),
                Contains(Finding{Rule::host_is_kept, 0, 0, 0, static_cast<std::uint32_t>(list().size() - 1)}));
    EXPECT_EQ(owner(at), Owner::Kind::mullion);
    EXPECT_FALSE(is_mapped(at));
    more.back().reached = true;
    EXPECT_TRUE(is_mapped(at));
    EXPECT_TRUE(is_mapped(at + page_size - 1)) << "in whole pages";
}

TEST_F(KeptTest, OnlySupervisorLevelFilesAreMapped) {
    for (const auto at : {0x2800'0000, 0x2800'2000, 0x2900'0000, 0x2900'2000}) {
        EXPECT_TRUE(is_mapped({static_cast<std::uint64_t>(at)})) << std::hex << at;
        EXPECT_FALSE(is_mapped({static_cast<std::uint64_t>(at) + page_size})) << std::hex << at;
    }
    EXPECT_FALSE(is_mapped({0x200'0000})) << "a timer";
    EXPECT_FALSE(is_mapped({0xc00'0000})) << "a controller that is not driven";
}

TEST_F(KeptTest, InterruptFilesOfGuestsAreWindows) {
    EXPECT_THAT(findings({0x2900'1000}, WindowKind::interrupt_file), IsEmpty());
    EXPECT_THAT(findings({0x2900'1000}, WindowKind::device), Not(IsEmpty()));
    EXPECT_THAT(findings({0x2900'0000}, WindowKind::interrupt_file), Not(IsEmpty())) << "a supervisor-level file";
    EXPECT_THAT(findings({0xc00'0000}, WindowKind::interrupt_file), Not(IsEmpty()));
}

TEST_F(KeptTest, WhatIsKeptIsNotWhereTheHypervisorLies) {
    window = {{0x10'0000}, {0x10'0000}, page_size, Rights::rw, WindowKind::device};  // tables have a size then
    const auto breaks = [&] {
        const auto found = first_finding(d);
        return found && found->rule == Rule::hypervisor_outside_ram;
    };
    EXPECT_FALSE(breaks());
    more.push_back({Kind::timer, {d.board.load_address + 2 * mebi, 1}});
    d.board.kept = more;
    EXPECT_TRUE(breaks());
}

TEST_F(KeptTest, ABoardWithoutAnImsicKeepsNoFiles) {
    d.board.imsic = {};
    for (std::size_t i = 0; i < list().size(); ++i) {
        EXPECT_TRUE(list()[i].kind != Kind::interrupt_files && list()[i].kind != Kind::supervisor_file);
    }
    EXPECT_EQ(owner({0}), Owner::Kind::nothing);
}

TEST_F(KeptTest, ABoardWithoutAnIommuKeepsNone) {
    EXPECT_EQ(owner(d.board.iommu.base), Owner::Kind::mullion);
    EXPECT_TRUE(is_mapped(d.board.iommu.base));
    d.board.iommu.size = 0;
    EXPECT_EQ(owner(d.board.iommu.base), Owner::Kind::nothing);
    EXPECT_FALSE(is_mapped(d.board.iommu.base));
}

}  // namespace
}  // namespace mullion
