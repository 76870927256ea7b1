// SPDX-License-Identifier: Apache-2.0
// Whose an address is, for reports.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/imsic.hpp"
#include "core/slots.hpp"

namespace mullion {

struct Owner {
    enum class Kind : std::uint8_t {
        guest,     ///< in a window of `guest`
        mullion,   ///< the hypervisor's own memory, or a device that it keeps
        firmware,  ///< RAM that the SBI firmware keeps
        free,      ///< RAM that nobody has
        nothing,   ///< not RAM, and granted to nobody
    };

    Kind kind = Kind::nothing;
    std::size_t guest = 0;  ///< in Description::guests

    constexpr bool operator==(const Owner&) const = default;
};

/// Whether it is in the interrupt files of any of the IMSIC's groups.
constexpr bool is_in_files(const Imsic& imsic, Hpa at) {
    std::uint32_t group = 0;
    while (group < imsic.groups && !group_region(imsic, group).contains(at)) {
        ++group;
    }
    return group < imsic.groups;
}

constexpr Owner owner_of(const Description& d, const Layout& l, Hpa at) {
    using enum Owner::Kind;
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        if (std::ranges::any_of(d.guests[guest].windows, [&](const Window& w) { return w.host().contains(at); })) {
            return {Owner::Kind::guest, guest};
        }
    }
    const auto& board = d.board;
    const HostRange uart{board.uart.base, board.uart.size};
    if (l.all().contains(at) || uart.contains(at) || board.wired().contains(at) || is_in_files(board.imsic, at)) {
        return {mullion, 0};
    }
    if (board.firmware.contains(at)) {
        return {firmware, 0};
    }
    const bool is_ram = std::ranges::any_of(board.ram, [&](const HostRange& ram) { return ram.contains(at); });
    return {is_ram ? free : nothing, 0};
}

/// The window of the guest that holds `at`; null if none does.
constexpr const Window* window_at(const Guest& guest, Gpa at) {
    const auto window = std::ranges::find_if(guest.windows, [&](const Window& w) { return w.guest().contains(at); });
    return window == guest.windows.end() ? nullptr : &*window;
}

}  // namespace mullion
