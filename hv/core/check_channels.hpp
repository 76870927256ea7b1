// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for channels: what two guests share is a channel's memory, and nothing else.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"

namespace mullion::law {

/// Returns whether two windows share host memory lawfully: both lead to all of one channel.
constexpr bool share_channel(const Window& a, const Window& b) {
    return a.kind == WindowKind::channel && b.kind == WindowKind::channel && a.host() == b.host();
}

/// Checks the channels, and calls `found(Finding)` for each breach.
template <class Found>
class ChannelCheck {
 public:
    constexpr ChannelCheck(const Description& description, Found& found) : d_(description), found_(found) {}

    constexpr void all() {
        for (std::size_t i = 0; i < d_.channels.size(); ++i) {
            const auto& memory = d_.channels[i].memory;
            if (memory.size < page_size || !std::has_single_bit(memory.size)) {
                tell(Rule::channel_size_invalid, i);
            }
            if (std::ranges::count_if(d_.guests, [&](const Guest& guest) { return has(guest, memory, Rights::r); }) <
                2) {
                tell(Rule::channel_alone, i);
            }
            if (std::ranges::none_of(d_.guests, [&](const Guest& guest) { return has(guest, memory, Rights::rw); })) {
                tell(Rule::channel_unwritten, i);
            }
            name(i);
        }
    }

    /// Checks a window of kind channel of guest `guest`.
    constexpr void window(std::uint32_t guest, std::size_t item, const Window& w) {
        const auto breach = [&](Rule rule) { found_(Finding{rule, guest, static_cast<std::uint32_t>(item)}); };
        if (w.rights != Rights::r && w.rights != Rights::rw) {
            breach(Rule::channel_executable);
        }
        if (std::ranges::find(d_.channels, w.host(), &Channel::memory) == d_.channels.end()) {
            breach(Rule::window_no_channel);
        }
    }

 private:
    /// Returns whether the guest has all of a channel with these rights, and perhaps more.
    static constexpr bool has(const Guest& guest, HostRange memory, Rights rights) {
        const auto bits = static_cast<unsigned>(rights);
        return std::ranges::any_of(guest.windows, [&](const Window& w) {
            return w.kind == WindowKind::channel && w.host() == memory &&
                   (static_cast<unsigned>(w.rights) & bits) == bits;
        });
    }

    constexpr void name(std::size_t item) {
        const auto name = d_.channels[item].name;
        const auto earlier = d_.channels.first(item);
        if (std::ranges::find(earlier, name, &Channel::name) != earlier.end() ||
            std::ranges::find(d_.guests, name, &Guest::name) != d_.guests.end()) {
            tell(Rule::channel_name_taken, item);
        }
        if (const auto met = std::ranges::find_if(
                earlier, [&](const Channel& c) { return c.memory.overlaps(d_.channels[item].memory); });
            met != earlier.end()) {
            tell(Rule::channels_meet, item, static_cast<std::size_t>(met - earlier.begin()));
        }
    }

    constexpr void tell(Rule rule, std::size_t item, std::size_t other = 0) {
        found_(Finding{rule, Finding::board, static_cast<std::uint32_t>(item), 0, static_cast<std::uint32_t>(other)});
    }

    const Description& d_;
    Found& found_;
};

}  // namespace mullion::law
