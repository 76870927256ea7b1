// SPDX-License-Identifier: Apache-2.0
// What the descriptions for proof and mutants have in common.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/description.hpp"

namespace mullion::generated {

/// Makes a guest that begins, and has its tree, where its memory is in guest addresses.
constexpr Guest fixture_guest(std::string_view name, std::span<const std::uint32_t> harts,
                              std::span<const Window> windows, std::span<const VirtualDevice> devices,
                              std::span<const PciFunction> functions = {}) {
    return {.name = name,
            .harts = harts,
            .windows = windows,
            .loads = {},
            .sources = {},
            .functions = functions,
            .devices = devices,
            .entry = {0x8000'0000},
            .tree = {0x8000'0000}};
}

/// Makes a board that has no interrupt controller yet.
constexpr Board fixture_board(std::string_view name, std::span<const Hart> harts, std::span<const HostRange> ram) {
    return {.name = name,
            .timebase_frequency = 10'000'000,
            .harts = harts,
            .ram = ram,
            .firmware = {{0x8000'0000}, 0x20'0000},
            .load_address = {0x8020'0000},
            .console = {{0x1000'0000}, 0x100, 0, 10},
            .aplic = {},
            .imsic = {}};
}

}  // namespace mullion::generated
