// SPDX-License-Identifier: Apache-2.0
// Lists the kinds of emulated devices, a row each, with what partc writes into guests' trees, reports and messages.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/description.hpp"

namespace mullion::partc {

struct EmulatedKind {
    DeviceKind kind{};
    std::string_view code;  ///< its enumerator in DeviceKind
    std::string_view name;  ///< in messages and reports

    // Only for kinds that a partition asks for. Others depend on the board.
    std::uint64_t size = 0;         ///< bytes of its registers
    std::string_view node{};        ///< name of its node in the guest's tree, from its binding
    std::string_view compatible{};  ///< from its binding
    std::uint32_t clock = 0;        ///< Hz of the clock that the binding demands, but nothing depends on; 0: none

    constexpr bool is_asked_for() const { return mullion::is_asked_for(kind); }
    /// Returns the property of a partition that asks for it.
    constexpr std::string_view property() const { return name_of(kind); }
};

inline constexpr std::array emulated_kinds{
    EmulatedKind{DeviceKind::aplic, "aplic", "aplic"},
    EmulatedKind{DeviceKind::plic, "plic", "plic"},
    EmulatedKind{DeviceKind::uart16550, "uart16550", "serial port"},
    // watchdog/allwinner,sun4i-a10-wdt.yaml; the clock is the oscillator of the A31.
    EmulatedKind{.kind = DeviceKind::watchdog,
                 .code = "watchdog",
                 .name = "watchdog",
                 .size = 0x20,
                 .node = "watchdog",
                 .compatible = "allwinner,sun6i-a31-wdt",
                 .clock = 24'000'000},
    EmulatedKind{DeviceKind::pci_host, "pci_host", "pci host bridge"},
};

static_assert(emulated_kinds.size() == access_names.size());

constexpr const EmulatedKind& row_of(DeviceKind kind) {
    return *std::ranges::find(emulated_kinds, kind, &EmulatedKind::kind);
}

/// Returns how the device is wired to the guest's interrupt controller: "31 sources", "interrupt 10".
std::string wires_text(const VirtualDevice& device);

}  // namespace mullion::partc
