// SPDX-License-Identifier: Apache-2.0
// Finds free pages in a guest's address space.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/address.hpp"

namespace mullion::partc {

/// Returns the first page from `at` on with `size` bytes that overlap nothing in `taken`. If there is none up to the
/// end of the address space, the result overlaps something.
inline Gpa free_pages(Gpa at, std::uint64_t size, const std::vector<GuestRange>& taken) {
    const auto meets = [&](const GuestRange& range) { return range.overlaps({at, size}); };
    at = {align_up(at.value, page_size)};
    // Steps from end to end of taken ranges, as a window may have too many pages to walk.
    for (auto it = std::ranges::find_if(taken, meets); it != taken.end(); it = std::ranges::find_if(taken, meets)) {
        const Gpa behind{align_up(it->end().value, page_size)};
        if (behind <= at) {
            break;
        }
        at = behind;
    }
    return at;
}

/// Returns the last page in `range` with `size` bytes that overlap nothing in `taken`.
inline std::optional<Gpa> last_free_pages(GuestRange range, std::uint64_t size, const std::vector<GuestRange>& taken) {
    auto end = range.end().value;
    while (end >= range.base.value && end - range.base.value >= size) {
        const Gpa at{align_down(end - size, page_size)};
        const auto meets = [&](const GuestRange& other) { return other.overlaps({at, size}); };
        const auto met = std::ranges::find_if(taken, meets);
        if (at < range.base) {
            break;
        }
        if (met == taken.end()) {
            return at;
        }
        end = met->base.value;
    }
    return std::nullopt;
}

}  // namespace mullion::partc
