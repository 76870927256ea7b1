// SPDX-License-Identifier: Apache-2.0
// The bytes that the tables of the hypervisor's own address spaces take.
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

/// A list of regions as the tables map it. G stays clear: satp is written once, so that a global leaf would gain
/// nothing, and a leaf that only some address spaces have must not be global.
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

/// Tables, roots included, for a given layout. A guest's tree shares the common tables and has its own only where
/// something of the guest's lies.
constexpr std::uint64_t stage1_tables(const Description& d, const Layout& l) {
    auto count = d.guests.size() + 1 + lower_tables(IdentityMappings{Stage1Common{d, l}}, stage1_levels);
    for (const auto& guest : d.guests) {
        count += lower_tables(IdentityMappings{Stage1OfGuest{guest.windows}}, stage1_levels);
    }
    return count;
}

/// Bytes of all tables. They map the layout that they are a part of, so the size is found by growing it until the
/// layout that it leads to needs no more.
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
