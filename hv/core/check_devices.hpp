// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for a guest's emulated devices: which it has, and where.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/check_board.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"

namespace mullion {

inline constexpr std::uint64_t guest_address_end = std::uint64_t{1} << 59;  ///< end of Sv57x4's addresses

namespace law {

/// Returns whether the device is at an address other than 0 and consists of whole words. Requires for emulation
/// (hv/vm/devices.hpp): an access whose address the hart does not report looks like one to 0, and an aligned word that
/// begins in a device ends in it. Only a 16550 has registers of bytes.
constexpr bool is_in_place(const VirtualDevice& device) {
    constexpr std::uint64_t word = 4;
    const bool is_of_words = is_aligned(device.base.value, word) && is_aligned(device.size, word);
    return device.base.value != 0 && (is_of_words || device.kind == DeviceKind::uart16550);
}

/// Calls `tell(rule, item, other)` for each breach by the device at `item`. Looks back only, so that each pair is
/// reported once.
template <class Tell>
constexpr void check_device(const Guest& guest, std::size_t item, Tell tell) {
    const auto& device = guest.devices[item];
    if (!is_in_place(device)) {
        tell(Rule::virtual_device_invalid, item, 0);
    }
    if (!fits(device.base.value, device.size, guest_address_end)) {
        tell(Rule::virtual_device_too_high, item, 0);
    }
    for (std::size_t k = 0; k < item; ++k) {
        if (guest.devices[k].kind == device.kind) {
            tell(Rule::virtual_device_twice, item, k);
        }
        if (guest.devices[k].range().overlaps(device.range())) {
            tell(Rule::virtual_devices_meet, item, k);
        }
    }
    for (std::size_t i = 0; i < guest.windows.size(); ++i) {
        if (guest.windows[i].guest().overlaps(device.range())) {
            tell(Rule::virtual_device_overlaps, i, item);
        }
    }
}

/// Calls `tell(rule, item, other)` for each breach by any device of the guest.
template <class Tell>
constexpr void check_devices(const Guest& guest, Tell tell) {
    const auto uart = guest.device(DeviceKind::uart16550);
    if (!holds_registers(uart.size, uart.parameter, num_16550_registers)) {
        tell(Rule::virtual_uart_too_small, 0, 0);
    }
    for (std::size_t i = 0; i < guest.devices.size(); ++i) {
        check_device(guest, i, tell);
    }
}

}  // namespace law
}  // namespace mullion
