// SPDX-License-Identifier: Apache-2.0
// Joins what overlaps.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "core/address.hpp"

namespace mullion::partc {

/// Returns the items in ascending order. `range_of` gives an item's range. Of items whose ranges overlap only the first
/// is left, with the range of all.
template <class Item, class RangeOf>
std::vector<Item> merged(std::vector<Item> items, RangeOf range_of) {
    const auto range = [&](Item& item) -> HostRange& { return std::invoke(range_of, item); };
    std::ranges::stable_sort(items, {}, [&](const Item& item) { return std::invoke(range_of, item).base; });
    std::vector<Item> merged;
    for (auto& next : items) {
        if (merged.empty() || !range(merged.back()).overlaps(range(next))) {
            merged.push_back(std::move(next));
        } else {
            auto& all = range(merged.back());
            all.size = std::max(all.end(), range(next).end()) - all.base;
        }
    }
    return merged;
}

}  // namespace mullion::partc
