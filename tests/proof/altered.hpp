// SPDX-License-Identifier: Apache-2.0
// Builds the tables of description.hpp as the hypervisor does, and alters copies of them by one entry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "core/layout_of.hpp"
#include "core/proof.hpp"
#include "core/proof_claim.hpp"
#include "core/proof_directory.hpp"
#include "core/stage1.hpp"
#include "core/stage2.hpp"
#include "description.hpp"

namespace mullion::altered {

inline constexpr const Description& d = generated::description;
constexpr Layout l = layout_of(d);
constexpr auto stage1 = build_stage1<stage1_size(d) / 8>(d, l);
constexpr auto stage2 = build_stage2<stage2_size(d) / 8>(d, l);
constexpr auto hgatp = hgatp_values<4>(d, l);
constexpr auto directory = build_directory<directory_words(d)>(d, l.directory.base, hgatp);
constexpr auto rows = boot_rows<4>(d, l);

// Board harts of the guests.
constexpr std::size_t alpha_hart = 1;
constexpr std::size_t beta_hart = 2;

/// Returns the index of the entry for address `at` in the tree that `root` leads to: a leaf, an invalid entry, or the
/// one at level `lowest`.
template <std::size_t Words>
constexpr std::size_t entry_for(const std::array<std::uint64_t, Words>& words, std::uint64_t base, std::uint64_t root,
                                std::uint64_t at, unsigned lowest) {
    auto table = ((root & 0xfff'ffff'ffff) * 4096 - base) / 8;
    auto mask = std::uint64_t{0x7ff};
    for (unsigned level = 2;; --level) {
        const auto i = table + (at >> (12 + 9 * level) & mask);
        if (level == lowest || (words[i] & 1) == 0 || (words[i] & 0xe) != 0) {
            return i;
        }
        table = ((words[i] >> 10) * 4096 - base) / 8;
        mask = 0x1ff;
    }
}

constexpr std::size_t stage2_entry(std::size_t hart, std::uint64_t at, unsigned lowest = 0) {
    return entry_for(stage2, l.stage2.base.value, hgatp[hart], at, lowest);
}

/// Returns the index of an entry in the hypervisor's address space for the guest of `hart`.
constexpr std::size_t stage1_entry(std::size_t hart, std::uint64_t at, unsigned lowest = 0) {
    return entry_for(stage1, l.stage1.base.value, rows[hart].satp, at, lowest);
}

template <class T, std::size_t Size>
constexpr auto with(std::array<T, Size> list, std::size_t index, const std::type_identity_t<T>& item) {
    list[index] = item;
    return list;
}

/// Returns the tables with `bits` flipped in the entry for `at`.
constexpr auto stage2_flipped(std::size_t hart, std::uint64_t at, std::uint64_t bits, unsigned lowest = 0) {
    const auto i = stage2_entry(hart, at, lowest);
    return with(stage2, i, stage2[i] ^ bits);
}
constexpr auto stage1_flipped(std::size_t hart, std::uint64_t at, std::uint64_t bits, unsigned lowest = 0) {
    const auto i = stage1_entry(hart, at, lowest);
    return with(stage1, i, stage1[i] ^ bits);
}

/// Returns the tables with the leaf for `at` leading to `to` instead.
constexpr auto stage2_moved(std::size_t hart, std::uint64_t at, std::uint64_t to) {
    const auto i = stage2_entry(hart, at);
    return with(stage2, i, (stage2[i] & 0x3ff) | to / 4096 << 10);
}
constexpr auto stage1_moved(std::size_t hart, std::uint64_t at, std::uint64_t to) {
    const auto i = stage1_entry(hart, at);
    return with(stage1, i, (stage1[i] & 0x3ff) | to / 4096 << 10);
}

/// Returns the tables with the leaf for `at` moved to the next entry, which is free.
constexpr auto stage2_shifted(std::size_t hart, std::uint64_t at) {
    const auto i = stage2_entry(hart, at);
    return with(with(stage2, i, 0), i + 1, stage2[i]);
}
constexpr auto stage1_shifted(std::size_t hart, std::uint64_t at) {
    const auto i = stage1_entry(hart, at);
    return with(with(stage1, i, 0), i + 1, stage1[i]);
}

constexpr Description with_guests(std::span<const Guest> guests) {
    auto changed = generated::description;
    changed.guests = guests;
    return changed;
}

/// The description with other windows, and perhaps other harts, of alpha's.
template <const auto& windows, const auto& harts = generated::alpha_harts>
struct Changed {
    static constexpr auto guests = [] {
        auto all = std::to_array(generated::guests);
        all[0].windows = windows;
        all[0].harts = harts;
        return all;
    }();
    static constexpr Description d = with_guests(guests);
};

template <const auto& tables>
constexpr bool stage2_claim() {
    return proof::claim<proof::prove_stage2(d, l, tables, hgatp)>();
}
template <const auto& tables>
constexpr bool stage1_claim() {
    return proof::claim<proof::prove_stage1<proof::own_limit(d)>(d, l, tables, rows)>();
}
/// The pages of both directories in their order: five of the extended format, five of the base format. The functions'
/// ids lead to two pages of contexts each.
constexpr std::size_t extended_root = 0, base_root = 5 * 512;
constexpr std::size_t extended_leaf = 3 * 512, base_leaf = 8 * 512;
constexpr std::array<Hpa, 2> roots{l.directory.base, l.directory.base + base_root * 8};

/// Returns the index of the first word of the context of an id that is in the first page of contexts.
constexpr std::size_t extended_context(std::size_t id) {
    return extended_leaf + id * 8;
}
constexpr std::size_t base_context(std::size_t id) {
    return base_leaf + id * 4;
}

template <const auto& tables>
constexpr bool directory_claim() {
    return proof::claim<proof::prove_directory(d, l, tables, roots, hgatp)>();
}

}  // namespace mullion::altered
