// SPDX-License-Identifier: Apache-2.0
// Finds out whose a host address is, for reports.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/kept.hpp"
#include "core/layout.hpp"

namespace mullion {

struct Owner {
    enum class Kind : std::uint8_t {
        guest,     ///< in a window of `guest`
        mullion,   ///< the hypervisor's memory, or a part of the board that it keeps
        firmware,  ///< a part of the board that the SBI firmware keeps
        free,      ///< RAM of nobody
        nothing,   ///< not RAM, granted to nobody
    };

    Kind kind = Kind::nothing;
    std::size_t guest = 0;  ///< index into Description::guests

    constexpr bool operator==(const Owner&) const = default;
};

/// Returns the owner of `at`. Requires: `kept` is the board's KeptList.
constexpr Owner owner_of(const Description& d, const Layout& l, std::span<const Kept> kept, Hpa at) {
    using enum Owner::Kind;
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        if (std::ranges::any_of(d.guests[guest].windows, [&](const Window& w) { return w.host().contains(at); })) {
            return {Owner::Kind::guest, guest};
        }
    }
    if (l.all().contains(at)) {
        return {mullion, 0};
    }
    const auto row = std::ranges::find_if(kept, [&](const Kept& k) { return pages_of(k.range).contains(at); });
    if (row != kept.end()) {
        return {is_firmwares(row->kind) ? firmware : mullion, 0};
    }
    const bool is_ram = std::ranges::any_of(d.board.ram, [&](const HostRange& ram) { return ram.contains(at); });
    return {is_ram ? free : nothing, 0};
}

/// Returns the guest's window that contains `at`, null if none does.
constexpr const Window* window_at(const Guest& guest, Gpa at) {
    const auto window = std::ranges::find_if(guest.windows, [&](const Window& w) { return w.guest().contains(at); });
    return window == guest.windows.end() ? nullptr : &*window;
}

}  // namespace mullion
