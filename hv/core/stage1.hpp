// SPDX-License-Identifier: Apache-2.0
// Builds the tables of the hypervisor's own address spaces as one constant, and the satp values that lead to them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/boot_hart.hpp"
#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/stage1_regions.hpp"
#include "core/stage1_size.hpp"
#include "core/table_builder.hpp"

namespace mullion {

/// Returns the section: a root for each guest, one for harts without a guest, then the lower tables. Requires: `Words`
/// is stage1_size(d) / 8, and the section is linked at l.stage1.base.
template <std::size_t Words>
constexpr std::array<std::uint64_t, Words> build_stage1(const Description& d, const Layout& l) {
    std::array<std::uint64_t, Words> words{};
    const auto common = d.guests.size() * pte::entries;
    TableBuilder builder(words, l.stage1.base, common + pte::entries);
    builder.map(common, stage1_levels, IdentityMappings{Stage1Common{d, l}});
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        const auto root = guest * pte::entries;
        builder.copy(common, root, pte::entries);
        builder.begin_tree();
        builder.map(root, stage1_levels, IdentityMappings{Stage1OfGuest{d.guests[guest].windows}});
    }
    return words;
}

/// Returns satp of each of the board's harts: MODE = Sv39 and PPN. ASID is 0, as a hart never changes its address
/// space.
template <std::size_t Harts>
constexpr std::array<std::uint64_t, Harts> satp_values(const Description& d, const Layout& l) {
    constexpr std::uint64_t sv39 = 8;
    const auto value = [&](std::size_t root) { return sv39 << 60 | (l.stage1.base.value / page_size + root); };
    std::array<std::uint64_t, Harts> values{};
    values.fill(value(d.guests.size()));
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        for (const auto hart : d.guests[guest].harts) {
            values[hart] = value(guest);
        }
    }
    return values;
}

/// Returns the rows that boot.S reads: satp with the hart id.
template <std::size_t Harts>
constexpr std::array<BootHart, Harts> boot_rows(const Description& d, const Layout& l) {
    const auto satp = satp_values<Harts>(d, l);
    std::array<BootHart, Harts> rows{};
    for (std::size_t hart = 0; hart < Harts; ++hart) {
        rows[hart] = {static_cast<std::uint64_t>(d.board.harts[hart].id), satp[hart]};
    }
    return rows;
}

}  // namespace mullion
