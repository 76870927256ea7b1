// SPDX-License-Identifier: Apache-2.0
// Walks guests' lists for rules (core/check.hpp) about two items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/description.hpp"

namespace mullion::law {

/// Calls `function(other, guest, k)` for each item of that list of guests that is before the one at `item` of guest
/// `index`: so each pair is met once, at the later place.
template <class Item, class Function>
constexpr void for_each_earlier(const Description& description, std::uint32_t index, std::size_t item,
                                std::span<const Item> Guest::*list, Function function) {
    for (std::uint32_t guest = 0; guest <= index; ++guest) {
        const auto others = description.guests[guest].*list;
        const auto end = guest == index ? item : others.size();
        for (std::size_t k = 0; k < end; ++k) {
            function(others[k], guest, k);
        }
    }
}

}  // namespace mullion::law
