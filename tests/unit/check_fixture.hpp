// SPDX-License-Identifier: Apache-2.0
// Provides a lawful description whose parts can be altered, for the tests of the law.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/check.hpp"

namespace mullion {

/// A guest whose lists can be altered.
struct CheckedPartition {
    std::string name;
    std::vector<std::uint32_t> harts;
    std::vector<Window> windows;
    std::vector<Load> loads;
    std::vector<Source> sources;
    std::vector<DeviceReset> resets;
    std::vector<PciFunction> functions;
    std::vector<VirtualDevice> devices;  ///< the controller, the UART, ...
    Guest rest;
};

inline constexpr Gpa memory_at{0x8000'0000};
inline constexpr Gpa files_at{0x2800'0000};
inline constexpr Gpa rtc_at{0x10'1000};

/// Four harts, two of them of each guest; the IMSIC indices are not the hart indices.
class CheckTest : public testing::Test {
 protected:
    CheckTest() {
        for (const std::uint32_t i : {0U, 1U, 2U, 3U}) {
            harts.push_back({.id = HartId{i}, .imsic_index = 3 - i, .features = {}, .cboz_block = 0, .cbom_block = 0});
        }
        ram = {{{0x8000'0000}, gibi}};
        board = {.name = "board",
                 .timebase_frequency = 10'000'000,
                 .harts = {},
                 .ram = {},
                 .firmware = {{0x8000'0000}, 2 * mebi},
                 .load_address = {0x8020'0000},
                 .console = {{0x1000'0000}, 0x100, 0, 10},
                 .aplic = {{0xd00'0000}, 0x8000, 96},
                 .imsic = {{0x2800'0000}, 0x8000, 1, 255}};
        images = {{"kernel", 5 * mebi}, {"tree", 3000}};
        alpha = partition("alpha", {1, 0}, {0x9000'0000});
        alpha.windows.insert(alpha.windows.begin(),
                             {rtc_at, {rtc_at.value}, page_size, Rights::rw, WindowKind::device});
        alpha.sources = {{11}};
        beta = partition("beta", {2, 3}, {0xa000'0000});
    }

    CheckedPartition partition(const std::string& name, std::vector<std::uint32_t> own, Hpa memory) const {
        CheckedPartition p;
        p.name = name;
        p.harts = std::move(own);
        for (std::size_t i = 0; i < p.harts.size(); ++i) {
            const auto file = interrupt_file(board.imsic, harts[p.harts[i]].imsic_index, guest_file);
            p.windows.push_back({files_at + i * page_size, file, page_size, Rights::rw, WindowKind::interrupt_file});
        }
        p.windows.push_back({memory_at, memory, 64 * mebi, Rights::rwx, WindowKind::memory});
        p.loads = {{memory_at + 2 * mebi, 0, 0, 5 * mebi}, {memory_at + 16 * mebi, 1, 0, 3000}};
        p.rest.entry = memory_at + 2 * mebi;
        p.rest.tree = memory_at + 16 * mebi;
        p.devices = {{DeviceKind::aplic, {0xd00'0000}, 0x8000, 0, 96},
                     {DeviceKind::uart16550, {0x1000'0000}, 0x100, 10}};
        return p;
    }

    static Guest view(const CheckedPartition& p) {
        Guest guest = p.rest;
        guest.name = p.name;
        guest.harts = p.harts;
        guest.windows = p.windows;
        guest.loads = p.loads;
        guest.sources = p.sources;
        guest.resets = p.resets;
        guest.functions = p.functions;
        guest.devices = p.devices;
        return guest;
    }

    std::vector<Finding> findings() const {
        std::vector<Guest> guests;
        if (!no_guests) {
            guests = {view(alpha), view(beta)};
        }
        Board b = board;
        b.harts = harts;
        b.ram = ram;
        b.reserved = reserved;
        const Description d{.name = "test",
                            .board = b,
                            .guests = guests,
                            .images = images,
                            .color = false,
                            .services = services,
                            .channels = channels};
        std::vector<Finding> list;
        check(d, [&](const Finding& finding) { list.push_back(finding); });
        EXPECT_EQ(first_finding(d), list.empty() ? std::nullopt : std::optional{list.front()});
        return list;
    }

    /// Returns beta's window over the interrupt file of its hart; behind these its memory follows.
    Window& file(std::size_t hart) { return beta.windows[hart]; }
    Window& memory() { return beta.windows.back(); }

    static Finding of_beta(Rule rule, std::uint32_t item = 0, std::uint32_t other_guest = 0, std::uint32_t other = 0) {
        return {rule, 1, item, other_guest, other};
    }

    std::vector<Hart> harts;
    std::vector<HostRange> ram;
    std::vector<HostRange> reserved;
    Board board;
    std::vector<Image> images;
    std::vector<Channel> channels;
    CheckedPartition alpha;
    CheckedPartition beta;
    bool no_guests = false;
    Services services = Services::all();
};

}  // namespace mullion
