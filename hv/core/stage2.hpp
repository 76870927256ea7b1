// SPDX-License-Identifier: Apache-2.0
// Builds the G-stage tables of all guests as one constant, and the hgatp values that lead to them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/csr_numbers.hpp"
#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/stage2_size.hpp"
#include "core/table_builder.hpp"

namespace mullion {

/// Returns the section: a root for each hart that has a guest, in the guests' order, then the lower tables, which harts
/// of one guest share. Requires: `Words` is stage2_size(d) / 8, and the section is linked at l.stage2.base.
template <std::size_t Words>
constexpr std::array<std::uint64_t, Words> build_stage2(const Description& d, const Layout& l) {
    constexpr auto root_entries = stage2_root_size / sizeof(std::uint64_t);
    std::array<std::uint64_t, Words> words{};
    TableBuilder builder(words, l.stage2.base, stage2_root_count(d) * root_entries);
    const auto levels = levels_of(g_stage_mode(d));
    std::size_t root = 0;
    for (const auto& guest : d.guests) {
        builder.map(root, levels, Stage2Mappings{guest.windows});
        for (std::size_t hart = 1; hart < guest.harts.size(); ++hart) {
            builder.copy(root, root + hart * root_entries, root_entries);
        }
        root += guest.harts.size() * root_entries;
    }
    return words;
}

/// Returns a guest's VMID; no guest has 0.
constexpr std::uint64_t vmid_of(std::size_t guest) {
    return guest + 1;
}

/// Returns hgatp of each of the board's harts, 0 for one without a guest: MODE, VMID and PPN (privileged manual,
/// "Hypervisor Guest Address Translation and Protection Register").
template <std::size_t Harts>
constexpr std::array<std::uint64_t, Harts> hgatp_values(const Description& d, const Layout& l) {
    std::array<std::uint64_t, Harts> values{};
    const auto mode = static_cast<std::uint64_t>(g_stage_mode(d));
    auto root = l.stage2.base;
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        for (const auto hart : d.guests[guest].harts) {
            values[hart] = mode << 60 | csr::hgatp::vmid(vmid_of(guest)) | root.value >> 12;
            root = root + stage2_root_size;
        }
    }
    return values;
}

}  // namespace mullion
