// SPDX-License-Identifier: Apache-2.0
// Describes what a tree of page tables maps, and computes how many tables it needs below its root.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "core/pte.hpp"

namespace mullion {

/// Maps input addresses [at, at + size) to [to, to + size), in whole pages. A mapping of size 0 needs nothing.
struct Mapping {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    std::uint64_t bits = 0;  ///< of its leaves' entries, except the PPN
};

/// An indexable list of mappings whose input ranges do not overlap; in any order.
template <class List>
concept MappingList = requires(const List& list, std::size_t i) {
    { list.size() } -> std::convertible_to<std::size_t>;
    { list[i] } -> std::convertible_to<Mapping>;
};

/// Returns whether `m` can use leaves of `1 << shift` bytes for the blocks that it covers completely.
constexpr bool is_congruent(const Mapping& m, unsigned shift) {
    return is_aligned(m.at ^ m.to, std::uint64_t{1} << shift);
}

/// Returns whether `m` maps a part of the block at `block << shift` by leaves that are smaller than it.
constexpr bool needs_table(const Mapping& m, std::uint64_t block, unsigned shift) {
    if (m.size == 0 || block < m.at >> shift || block > (m.at + m.size - 1) >> shift) {
        return false;
    }
    const auto base = block << shift;
    const bool covered = m.at <= base && m.at + m.size - base >= std::uint64_t{1} << shift;
    return !covered || !is_congruent(m, shift);
}

/// Returns how many tables, one for a block of `1 << shift` bytes, mapping `i` needs that no mapping before it needs.
template <MappingList List>
constexpr std::uint64_t tables_added(const List& list, std::size_t i, unsigned shift) {
    const Mapping m = list[i];
    if (m.size == 0) {
        return 0;
    }
    const auto is_new = [&](std::uint64_t block) -> std::uint64_t {
        if (!needs_table(m, block, shift)) {
            return 0;
        }
        // Nearest first: in an ordered list it is the most likely one to share the block.
        for (std::size_t before = 0; before < i; ++before) {
            if (needs_table(list[i - 1 - before], block, shift)) {
                return 0;
            }
        }
        return 1;
    };
    const auto first = m.at >> shift;
    const auto last = (m.at + m.size - 1) >> shift;
    if (first == last) {
        return is_new(first);
    }
    // Blocks between the first and the last are covered completely, so no other mapping shares them.
    const auto between = is_congruent(m, shift) ? 0 : last - first - 1;
    return is_new(first) + between + is_new(last);
}

/// Returns how many tables a tree of `levels` levels has below its root if each mapping uses the largest leaves that
/// fit.
template <MappingList List>
constexpr std::uint64_t lower_tables(const List& list, unsigned levels) {
    std::uint64_t count = 0;
    for (unsigned level = 1; level < levels; ++level) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            count += tables_added(list, i, pte::shift(level));
        }
    }
    return count;
}

}  // namespace mullion
