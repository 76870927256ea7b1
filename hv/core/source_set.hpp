// SPDX-License-Identifier: Apache-2.0
// A set of interrupt sources, laid out as the words of an APLIC's setip and setie registers and of a PLIC's pending and
// enable bits: source i is bit i % 32 of word i / 32.
#pragma once

#include <array>
#include <cstdint>

#include "core/aplic_registers.hpp"

namespace mullion {

namespace source_set_detail {

/// A de Bruijn sequence: all its 32 windows of 5 bits differ.
inline constexpr std::uint32_t sequence = 0x077c'b531;
inline constexpr auto shift_of_window = [] {
    std::array<std::uint8_t, 32> shifts{};
    for (std::uint8_t shift = 0; shift < 32; ++shift) {
        shifts[(sequence << shift) >> 27] = shift;
    }
    return shifts;
}();

}  // namespace source_set_detail

/// Returns the number of the lowest set bit. Requires: `bits` is not 0. Not std::countr_zero, for which the compiler
/// calls libgcc unless it may use Zbb.
constexpr std::uint32_t lowest_bit(std::uint32_t bits) {
    using namespace source_set_detail;
    return shift_of_window[((bits & (0 - bits)) * sequence) >> 27];
}

/// A set of sources. Queries take any number; only 1..max_source can be members.
class SourceSet {
 public:
    constexpr bool contains(std::uint32_t source) const {
        return source <= max_source && (words_[source / 32] & mask(source)) != 0;
    }
    /// Requires: `source` is 1..max_source.
    constexpr void insert(std::uint32_t source) { words_[source / 32] |= mask(source); }
    /// Requires: `source` is 1..max_source.
    constexpr void erase(std::uint32_t source) { words_[source / 32] &= ~mask(source); }
    constexpr void assign(std::uint32_t source, bool member) {
        erase(source);
        words_[source / 32] |= std::uint32_t{member} << source % 32;
    }

    /// Returns sources 32 * index .. 32 * index + 31 as bits; 0 beyond the last.
    constexpr std::uint32_t word(std::uint32_t index) const { return index < words_.size() ? words_[index] : 0; }

    /// Replaces a word. Requires: `index` is 0..31; `bits` has no bit for source 0.
    constexpr void set_word(std::uint32_t index, std::uint32_t bits) { words_[index] = bits; }

    /// Calls `visit(source)` for each member that `bits` selects among the sources of word `index`, in ascending order.
    constexpr void for_each_in(std::uint32_t index, std::uint32_t bits, auto visit) const {
        for (auto rest = word(index) & bits; rest != 0; rest &= rest - 1) {
            visit(32 * index + lowest_bit(rest));
        }
    }
    constexpr void for_each(auto visit) const {
        for (std::uint32_t index = 0; index < words_.size(); ++index) {
            for_each_in(index, ~std::uint32_t{0}, visit);
        }
    }

 private:
    static constexpr std::uint32_t mask(std::uint32_t source) { return std::uint32_t{1} << source % 32; }

    std::array<std::uint32_t, aplic_word_count> words_{};
};

}  // namespace mullion
