// SPDX-License-Identifier: Apache-2.0
#include "core/owner.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../proof/description.hpp"
#include "core/layout_of.hpp"

namespace mullion {
namespace {

using Kind = Owner::Kind;

constexpr const Description& d = generated::description;
constexpr auto l = layout_of(d);

/// Asks for the owner of an address as the hypervisor does.
Owner owner_of_board(const Description& description, Hpa at) {
    const KeptList list{description.board};
    std::vector<Kept> kept;
    for (std::size_t i = 0; i < list.size(); ++i) {
        kept.push_back(list[i]);
    }
    return owner_of(description, l, kept, at);
}

Owner owner(Hpa at) {
    constexpr auto kept = kept_rows<KeptList{d.board}.size()>(d.board);
    return owner_of(d, l, kept, at);
}

TEST(OwnerOf, EveryWindowIsItsGuest) {
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        for (const auto& window : d.guests[guest].windows) {
            EXPECT_EQ(owner(window.to), (Owner{Kind::guest, guest}));
            EXPECT_EQ(owner(window.host().end() - 1), (Owner{Kind::guest, guest}));
        }
    }
}

TEST(OwnerOf, TheHypervisorsPartsAreMullion) {
    for (const auto& part : {l.text, l.rodata, l.stage1, l.stage2, l.directory, l.images, l.data, l.stacks}) {
        EXPECT_EQ(owner(part.base).kind, Kind::mullion);
        EXPECT_EQ(owner(part.end() - 1).kind, Kind::mullion);
    }
    EXPECT_EQ(owner(l.end()).kind, Kind::free);
}

TEST(OwnerOf, TheDevicesThatItKeepsAreMullion) {
    EXPECT_EQ(owner(d.board.console.base).kind, Kind::mullion);
    EXPECT_EQ(owner(d.board.aplic.base).kind, Kind::mullion);
    EXPECT_EQ(owner(d.board.imsic.base).kind, Kind::mullion);  // a supervisor-level file
}

TEST(OwnerOf, TheInterruptFilesOfEverySocketAreMullion) {
    auto two_sockets = d;
    two_sockets.guests = {};
    two_sockets.board.imsic = {{0x2800'0000}, 0x4000, 1, 255, 255, 2, 1, 24};
    const auto kind_at = [&](std::uint64_t at) { return owner_of_board(two_sockets, {at}).kind; };
    for (const auto at : {0x2800'0000ULL, 0x2800'3fffULL, 0x2900'0000ULL, 0x2900'3fffULL}) {
        EXPECT_EQ(kind_at(at), Kind::mullion) << std::hex << at;
    }
    for (const auto at : {0x2800'4000ULL, 0x28ff'ffffULL, 0x2900'4000ULL, 0x2a00'0000ULL}) {
        EXPECT_EQ(kind_at(at), Kind::nothing) << std::hex << at;
    }
}

TEST(OwnerOf, ThePlicOfABoardWithOneIsMullion) {
    auto with_plic = d;
    with_plic.board.plic = {{0xc00'0000}, 0x20'2000, 95};
    with_plic.board.aplic = {};
    with_plic.board.imsic = {};
    const auto kind_at = [&](Hpa at) { return owner_of_board(with_plic, at).kind; };
    EXPECT_EQ(kind_at({0xc00'0000}), Kind::mullion);
    EXPECT_EQ(kind_at({0xc20'1fff}), Kind::mullion);
    EXPECT_EQ(kind_at({0xc20'2000}), Kind::nothing);
    EXPECT_EQ(kind_at({0}), Kind::nothing);
}

TEST(OwnerOf, TheFirmwareHasItsMemory) {
    EXPECT_EQ(owner(d.board.firmware.base).kind, Kind::firmware);
    EXPECT_EQ(owner(d.board.firmware.end() - 1).kind, Kind::firmware);
}

TEST(OwnerOf, TheRestIsMemoryOrNothing) {
    EXPECT_EQ(owner({0x1'7fff'ffff}).kind, Kind::free);
    EXPECT_EQ(owner({0x1'8000'0000}).kind, Kind::nothing);
    EXPECT_EQ(owner({0x7fff'ffff}).kind, Kind::nothing);
    EXPECT_EQ(owner({0}).kind, Kind::nothing);
}

TEST(WindowAt, FindsTheWindowOfAGuestAddress) {
    const auto& alpha = d.guests[0];
    EXPECT_EQ(window_at(alpha, {0x2800'1fff}), &alpha.windows[2]);
    EXPECT_EQ(window_at(alpha, {0x8000'0000}), &alpha.windows[3]);
    EXPECT_EQ(window_at(alpha, {0x807f'ffff}), &alpha.windows[3]);
    EXPECT_EQ(window_at(alpha, {0x8080'0000}), nullptr);
    EXPECT_EQ(window_at(alpha, {0}), nullptr);
}

}  // namespace
}  // namespace mullion
