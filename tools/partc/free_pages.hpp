// SPDX-License-Identifier: Apache-2.0
// Where in a guest's address space something still fits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/address.hpp"

namespace mullion::partc {

/// The first page from `at` on with `size` bytes that meet nothing of `taken`. Where there is none up to the end of all
/// addresses, what is returned meets something.
inline Gpa free_pages(Gpa at, std::uint64_t size, const std::vector<GuestRange>& taken) {
    const auto meets = [&](const GuestRange& range) { return range.overlaps({at, size}); };
    at = {align_up(at.value, page_size)};
    // From end to end, as a window may be larger than can be walked page by page.
    for (auto it = std::ranges::find_if(taken, meets); it != taken.end(); it = std::ranges::find_if(taken, meets)) {
        const Gpa behind{align_up(it->end().value, page_size)};
        if (behind <= at) {
            break;
        }
        at = behind;
    }
    return at;
}

/// The last page from which `size` bytes lie in `range` and meet nothing of `taken`.
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
