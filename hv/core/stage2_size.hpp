// SPDX-License-Identifier: Apache-2.0
// Computes the G-stage trees that a description needs: their mode, what each maps, and the size of all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/mapping.hpp"

namespace mullion {

/// hgatp.MODE (privileged manual, "Hypervisor Guest Address Translation and Protection Register").
enum class GStageMode : std::uint8_t { sv39x4 = 8, sv48x4 = 9, sv57x4 = 10 };

constexpr unsigned levels_of(GStageMode mode) {
    return static_cast<unsigned>(mode) - 5;
}

/// Returns the width of guest physical addresses in bits: that of the Sv mode and two more.
constexpr unsigned address_bits(GStageMode mode) {
    return pte::shift(levels_of(mode)) + 2;
}

/// A G-stage root is four pages, aligned to its size.
inline constexpr std::uint64_t stage2_root_size = 4 * page_size;

/// Returns the smallest mode that reaches every window of every guest. The whole machine uses it.
constexpr GStageMode g_stage_mode(const Description& d) {
    std::uint64_t highest = 0;
    for (const auto& guest : d.guests) {
        for (const auto& window : guest.windows) {
            const auto last = window.size == 0 ? 0 : window.at.value + window.size - 1;
            highest = highest < last ? last : highest;
        }
    }
    for (const auto mode : {GStageMode::sv39x4, GStageMode::sv48x4}) {
        if (highest >> address_bits(mode) == 0) {
            return mode;
        }
    }
    return GStageMode::sv57x4;
}

/// What a guest's tree maps. Every G-stage leaf needs U; A and D are set so that hardware never writes to a table; PBMT
/// is 0, so that the guest's VS-stage decides.
struct Stage2Mappings {
    std::span<const Window> windows;

    constexpr std::size_t size() const { return windows.size(); }
    constexpr Mapping operator[](std::size_t i) const {
        const auto& window = windows[i];
        const auto rights = static_cast<std::uint64_t>(window.rights) << 1;
        return {window.at.value, window.to.value, window.size, rights | pte::V | pte::U | pte::A | pte::D};
    }
};

/// Returns the number of roots, one for each hart that has a guest.
constexpr std::uint64_t stage2_root_count(const Description& d) {
    std::uint64_t count = 0;
    for (const auto& guest : d.guests) {
        count += guest.harts.size();
    }
    return count;
}

/// Returns the size in bytes of all roots and of the tables below them, which harts of one guest share.
constexpr std::uint64_t stage2_size(const Description& d) {
    const auto levels = levels_of(g_stage_mode(d));
    std::uint64_t lower = 0;
    for (const auto& guest : d.guests) {
        lower += lower_tables(Stage2Mappings{guest.windows}, levels);
    }
    return stage2_root_count(d) * stage2_root_size + lower * page_size;
}

}  // namespace mullion
