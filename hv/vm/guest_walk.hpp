// SPDX-License-Identifier: Apache-2.0
// Walks a guest's own page tables (VS-stage), for a fault whose guest physical address the hart does not tell: htval
// may be 0 (hypervisor chapter, htval; not with Shtvala).
#pragma once

#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/pte.hpp"

namespace mullion {

/// Returns the number of levels of the tables that vsatp leads to, 0 where it translates nothing, and no value for a
/// mode that no hart has (privileged manual, satp).
constexpr std::optional<unsigned> levels_of(std::uint64_t vsatp) {
    switch (vsatp >> 60) {
        case 0:  // Bare
            return 0;
        case 8:  // Sv39
            return 3;
        case 9:  // Sv48
            return 4;
        case 10:  // Sv57
            return 5;
        default:
            return std::nullopt;
    }
}

/// Returns the guest physical address of `at` by the tables that `vsatp` leads to; nothing where they have none, or are
/// themselves where `load` reads nothing. `load` returns the doubleword at a guest physical address. Rights are not
/// looked at: the access has passed this stage on the hart. Of `at` only the bits count that the mode translates; where
/// pointer masking (Ssnpm) hides some of those, another address may be found, and no rights come of it.
constexpr std::optional<Gpa> walk_guest_tables(std::uint64_t vsatp, Gva at, auto load) {
    const auto levels = levels_of(vsatp);
    if (!levels) {
        return std::nullopt;
    }
    if (*levels == 0) {
        return Gpa{at.value};
    }
    constexpr std::uint64_t ppn = (std::uint64_t{1} << 44) - 1;
    Gpa table{(vsatp & ppn) * page_size};
    for (auto level = *levels; level-- > 0;) {
        const auto index = (at.value >> pte::shift(level)) % pte::entries;
        const std::optional<std::uint64_t> entry = load(table + index * sizeof(std::uint64_t));
        if (!entry || (*entry & pte::V) == 0) {
            return std::nullopt;
        }
        if ((*entry & (pte::R | pte::W | pte::X)) != 0) {
            // Svnapot has one size, 64 KiB: the low four bits of its number are not the address's.
            const auto shift = pte::shift(level) + ((*entry & pte::N) != 0 ? 4 : 0);
            const auto size = std::uint64_t{1} << shift;
            return Gpa{align_down(pte::target(*entry), size) + at.value % size};
        }
        table = {pte::target(*entry)};
    }
    return std::nullopt;
}

}  // namespace mullion
