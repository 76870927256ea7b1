// SPDX-License-Identifier: Apache-2.0
// Computes the size of the tables of the hypervisor's own address spaces.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/mapping.hpp"
#include "core/stage1_regions.hpp"
#include "core/stage2_size.hpp"

namespace mullion {

inline constexpr unsigned stage1_levels = 3;  ///< Sv39
inline constexpr std::uint64_t stage1_root_size = page_size;

/// Presents regions as identity mappings. G is clear: satp is written only once, so global leaves would gain nothing,
/// and leaves that only some address spaces have must not be global.
template <class Regions>
struct IdentityMappings {
    Regions regions;

    constexpr std::size_t size() const { return regions.size(); }
    constexpr Mapping operator[](std::size_t i) const {
        const Region region = regions[i];
        const auto rights = static_cast<std::uint64_t>(region.rights) << 1;
        return {region.range.base.value, region.range.base.value, region.range.size, rights | pte::V | pte::A | pte::D};
    }
};

template <class Regions>
IdentityMappings(Regions) -> IdentityMappings<Regions>;

/// Returns the number of tables, roots included, for a layout. A guest's tree shares the common tables, and has its own
/// ones only where it maps something of the guest.
constexpr std::uint64_t stage1_tables(const Description& d, const Layout& l) {
    auto count = d.guests.size() + 1 + lower_tables(IdentityMappings{Stage1Common{d, l}}, stage1_levels);
    for (const auto& guest : d.guests) {
        count += lower_tables(IdentityMappings{Stage1OfGuest{guest.windows}}, stage1_levels);
    }
    return count;
}

/// Returns the size of all tables in bytes. They map the layout that they are part of, so the size grows until the
/// layout that comes of it needs no more.
constexpr std::uint64_t stage1_size(const Description& d) {
    const auto stage2 = stage2_size(d);
    std::uint64_t size = 0;
    for (;;) {
        const auto needed = stage1_tables(d, layout_with(d, {size, stage2})) * page_size;
        if (needed <= size) {
            return size;
        }
        size = needed;
    }
}

}  // namespace mullion
