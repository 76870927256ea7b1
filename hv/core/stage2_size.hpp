// SPDX-License-Identifier: Apache-2.0
// The G-stage trees that a description needs: their mode, what each maps, and the bytes that all of them take.
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

/// Guest physical addresses have this many bits: those of the Sv mode, and two more in the root's index.
constexpr unsigned address_bits(GStageMode mode) {
    return pte::shift(levels_of(mode)) + 2;
}

/// A G-stage root is four pages, aligned to its size.
inline constexpr std::uint64_t stage2_root_size = 4 * page_size;

/// The smallest mode that reaches every window of every guest; one for the whole machine.
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

/// What a guest's tree maps. U and A and D are set, for U is required of every G-stage leaf and nothing shall ever
/// write to a table; PBMT stays 0, so that the guest's own stage decides within the platform's attribute.
struct Stage2Mappings {
    std::span<const Window> windows;

    constexpr std::size_t size() const { return windows.size(); }
    constexpr Mapping operator[](std::size_t i) const {
        const auto& window = windows[i];
        const auto rights = static_cast<std::uint64_t>(window.rights) << 1;
        return {window.at.value, window.to.value, window.size, rights | pte::V | pte::U | pte::A | pte::D};
    }
};

/// Harts that belong to a guest: each has a root.
constexpr std::uint64_t stage2_root_count(const Description& d) {
    std::uint64_t count = 0;
    for (const auto& guest : d.guests) {
        count += guest.harts.size();
    }
    return count;
}

/// Bytes of all roots and of the tables below them, which the harts of one guest share.
constexpr std::uint64_t stage2_size(const Description& d) {
    const auto levels = levels_of(g_stage_mode(d));
    std::uint64_t lower = 0;
    for (const auto& guest : d.guests) {
        lower += lower_tables(Stage2Mappings{guest.windows}, levels);
    }
    return stage2_root_count(d) * stage2_root_size + lower * page_size;
}

}  // namespace mullion
