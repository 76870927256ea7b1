// SPDX-License-Identifier: Apache-2.0
// Computes where each part of the hypervisor lies in host memory, for partc (which places guests after the end and
// writes the addresses for the linker script), the table builders, and the proof.
#pragma once

#include <cstddef>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/stage1_size.hpp"
#include "core/stage2_size.hpp"

namespace mullion {

constexpr Layout layout_of(const Description& d) {
    return layout_with(d, {stage1_size(d), stage2_size(d)});
}

/// Returns where the linker puts image `index`.
constexpr Hpa image_address(const Description& d, const Layout& l, std::size_t index) {
    auto at = l.images.base;
    for (std::size_t i = 0; i < index; ++i) {
        at = at + align_up(d.images[i].size, page_size);
    }
    return at;
}

}  // namespace mullion
