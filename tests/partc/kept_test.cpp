// SPDX-License-Identifier: Apache-2.0
#include "kept.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "board.hpp"
#include "devices.hpp"
#include "fixture.hpp"
#include "owners.hpp"
#include "read.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Kept::Kind;

constexpr std::string_view with_clint =
    "&{/soc} {\n"
    "    clint: clint@5000000 { compatible = \"sifive,clint0\"; reg = <0x0 0x5000000  0x0 0x10000>; };\n"
    "    second: interrupt-controller@6000000 { compatible = \"riscv,aplic\"; reg = <0x0 0x6000000  0x0 0x4000>; };\n"
    "};\n";

class KeptNodes : public testing::Test {
 protected:
    KeptNodes() : options(workspace.changed("policies", "#include <two-guests.dtsi>", more())) {
        source = read({options.file, options.include_folders}, diagnostics);
        board = read_board(source->tree, "board", {options.load_address}, diagnostics);
    }

    static std::string more() { return "#include <two-guests.dtsi>\n" + std::string{with_clint}; }

    const Node& node(std::string_view label) const { return *source->tree.by_label(label); }

    /// Returns why the node is not granted; nothing where it is.
    std::string refusal(std::string_view label) const {
        const auto granted = Grants{source->tree, *board}.grant(node(label), node("alpha"));
        return granted ? "" : granted.error();
    }

    const Workspace workspace{PARTC_TESTS};
    const Options options;
    Diagnostics diagnostics;
    std::optional<ParsedSource> source;
    std::optional<BoardModel> board;
};

TEST_F(KeptNodes, AreTheBoardsOwnPartsAndItsTimersAndControllers) {
    EXPECT_EQ(KeptParts{*board}.as(node("uart0")), Kind::console);
    EXPECT_EQ(KeptParts{*board}.as(node("aplic")), Kind::controller);
    EXPECT_EQ(KeptParts{*board}.as(node("imsic")), Kind::interrupt_files);
    EXPECT_EQ(KeptParts{*board}.as(node("firmware")), Kind::firmware);
    EXPECT_EQ(KeptParts{*board}.as(node("clint")), Kind::timer);
    EXPECT_EQ(KeptParts{*board}.as(node("second")), Kind::controller);
    for (const auto* label : {"rtc", "ram0", "ram1", "serial1", "cpu0"}) {
        EXPECT_EQ(KeptParts{*board}.as(node(label)), std::nullopt) << label;
    }
    EXPECT_THAT(board->kept, SizeIs(2)) << "those that follow from nothing else";
}

TEST_F(KeptNodes, AreGrantedToNobody) {
    EXPECT_THAT(refusal("rtc"), IsEmpty());
    EXPECT_THAT(refusal("uart0"), HasSubstr("carries the consoles"));
    EXPECT_THAT(refusal("aplic"), HasSubstr("is an interrupt controller"));
    EXPECT_THAT(refusal("imsic"), HasSubstr("is an interrupt controller"));
    EXPECT_THAT(refusal("second"), HasSubstr("is an interrupt controller"));
    EXPECT_THAT(refusal("clint"), HasSubstr("stays the firmware's"));
    EXPECT_THAT(refusal("firmware"), HasSubstr("is memory that is reserved"));
}

/// Refuses to grant such a node, whatever its compatible says.
TEST_F(KeptNodes, AreThoseOfARowOfAnyKind) {
    for (const auto kind : {Kind::console, Kind::controller, Kind::interrupt_files, Kind::supervisor_file, Kind::iommu,
                            Kind::timer, Kind::firmware}) {
        board->kept.push_back({kind, {{0x200'0000}, 0x100}});
        EXPECT_EQ(KeptParts{*board}.as(node("rtc")), kind);
        EXPECT_THAT(refusal("rtc"), testing::Not(IsEmpty())) << static_cast<unsigned>(kind);
        board->kept.pop_back();
    }
}

TEST_F(KeptNodes, AreInTheConstantsAndHaveTheirOwners) {
    const auto described = describe(options, diagnostics);
    ASSERT_TRUE(described) << diagnostics.text();
    EXPECT_EQ(DescriptionView{described->model}.description().board.kept.size(), 2u);
    const auto pieces = pieces_of(*described);
    const auto owner = [&](std::uint64_t base) {
        return std::ranges::find(pieces, Hpa{base}, [](const Piece& piece) { return piece.range.base; })->owner;
    };
    EXPECT_EQ(owner(0x100'0000), PieceOwner::mullion);
    EXPECT_EQ(owner(0x500'0000), PieceOwner::firmware);
    EXPECT_EQ(owner(0x600'0000), PieceOwner::mullion);
    EXPECT_EQ(owner(0x300'0000), PieceOwner::nobody);
}

}  // namespace
}  // namespace mullion::partc
