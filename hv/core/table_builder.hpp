// SPDX-License-Identifier: Apache-2.0
// Fills a section of page tables, with one code for both stages, every mode and every level.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/address.hpp"
#include "core/mapping.hpp"
#include "core/pte.hpp"

namespace mullion {

/// Builds trees one after the other. A table is identified by the index of its first entry in the section.
class TableBuilder {
 public:
    /// Builds into `words`, the whole section, which will be linked at `base`. Its first `roots` entries are root
    /// tables. Requires: `words` are zero.
    constexpr TableBuilder(std::span<std::uint64_t> words, Hpa base, std::size_t roots)
        : words_(words), base_(base), used_(roots), owned_from_(roots) {}

    /// Begins the next tree. It may share earlier tables, but gets a copy of one before writing to it.
    constexpr void begin_tree() { owned_from_ = used_; }

    template <MappingList List>
    constexpr void map(std::size_t root, unsigned levels, const List& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            map(root, levels - 1, list[i]);
        }
    }

    constexpr void copy(std::size_t from, std::size_t to, std::size_t entries) {
        for (std::size_t i = 0; i < entries; ++i) {
            if (words_[from + i] != 0) {
                words_[to + i] = words_[from + i];
            }
        }
    }

 private:
    /// Maps `m` by the largest leaves that fit. Requires: `m` does not pass the end of the table.
    constexpr void map(std::size_t table, unsigned level, Mapping m) {
        const auto span = std::uint64_t{1} << pte::shift(level);
        for (auto i = table + index_in(table, level, m.at); m.size != 0; ++i) {
            const auto part = std::min(m.size, span - (m.at & (span - 1)));
            if (part == span && is_aligned(m.to, span)) {
                words_[i] = pte::make(m.to, m.bits);
            } else {
                map(table_below(i), level - 1, {m.at, m.to, part, m.bits});
            }
            m = {m.at + part, m.to + part, m.size - part, m.bits};
        }
    }

    /// Returns the index of an entry. Lower tables come after all roots; a root's index is as wide as its table.
    constexpr std::size_t index_in(std::size_t table, unsigned level, std::uint64_t at) const {
        return (at >> pte::shift(level)) & (table < first_lower_ ? ~std::uint64_t{0} : pte::entries - 1);
    }

    constexpr std::size_t table_below(std::size_t entry) {
        const auto old = words_[entry] == 0 ? 0 : (pte::target(words_[entry]) - base_.value) / sizeof(std::uint64_t);
        if (old != 0 && old >= owned_from_) {
            return old;
        }
        const auto table = used_;
        used_ += pte::entries;
        words_[entry] = pte::make(base_.value + table * sizeof(std::uint64_t), pte::V);
        if (old != 0) {
            copy(old, table, pte::entries);
        }
        return table;
    }

    std::span<std::uint64_t> words_;
    Hpa base_;
    std::size_t used_;
    std::size_t owned_from_;
    std::size_t first_lower_ = used_;
};

}  // namespace mullion
