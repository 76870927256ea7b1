// SPDX-License-Identifier: Apache-2.0
// The kinds of emulated devices, a row each: what partc writes of them into a guest's tree, its report and its
// messages.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "core/description.hpp"

namespace mullion::partc {

struct EmulatedKind {
    DeviceKind kind{};
    std::string_view code;  ///< its enumerator in C++
    std::string_view name;  ///< what people call it

    // Of those that a partition asks for. Others come with the board, and are placed by it.
    std::string_view property{};    ///< of the partition
    std::uint64_t size = 0;         ///< bytes of its registers
    std::string_view node{};        ///< the name of its node in the guest's tree, by its binding
    std::string_view compatible{};  ///< likewise
    std::uint32_t clock = 0;        ///< Hz of the clock that the binding wants, and nothing depends on; 0: none

    constexpr bool is_asked_for() const { return !property.empty(); }
};

inline constexpr std::array emulated_kinds{
    EmulatedKind{DeviceKind::aplic, "aplic", "aplic"},
    EmulatedKind{DeviceKind::plic, "plic", "plic"},
    EmulatedKind{DeviceKind::uart16550, "uart16550", "serial port"},
    // watchdog/allwinner,sun4i-a10-wdt.yaml; the clock is the oscillator of the A31.
    EmulatedKind{.kind = DeviceKind::watchdog,
                 .code = "watchdog",
                 .name = "watchdog",
                 .property = "watchdog",
                 .size = 0x20,
                 .node = "watchdog",
                 .compatible = "allwinner,sun6i-a31-wdt",
                 .clock = 24'000'000},
};

constexpr const EmulatedKind& row_of(DeviceKind kind) {
    return *std::ranges::find(emulated_kinds, kind, &EmulatedKind::kind);
}

}  // namespace mullion::partc
