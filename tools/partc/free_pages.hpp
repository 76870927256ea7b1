// SPDX-License-Identifier: Apache-2.0
// Where in a guest's address space something still fits.
#pragma once

#include <algorithm>
#include <cstdint>
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

}  // namespace mullion::partc
