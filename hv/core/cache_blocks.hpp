// SPDX-License-Identifier: Apache-2.0
// Measures cache blocks by what instructions about them do to a page (unprivileged manual, "Cache Management
// Operations"). A size that is believed and wrong leaves half of an earlier life in memory.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

namespace mullion {

/// A page of memory that nobody else uses. The instructions are the calling hart's and about the block at its start.
template <class Page>
concept BlockPage = requires(Page& page, std::uint8_t byte) {
    /// Stores the byte everywhere.
    { page.fill(byte) } -> std::same_as<void>;
    /// Returns how many bytes are this one.
    { page.count(byte) } -> std::same_as<std::uint64_t>;
    /// cbo.zero, cbo.flush and cbo.inval: return whether they did not trap.
    { page.zero_block() } -> std::same_as<bool>;
    { page.flush_block() } -> std::same_as<bool>;
    { page.discard_block() } -> std::same_as<bool>;
};

/// Returns how many bytes cbo.zero clears; nothing if it traps.
template <BlockPage Page>
std::optional<std::uint64_t> measure_zero(Page& page) {
    page.fill(0xff);
    return page.zero_block() ? std::optional{page.count(0)} : std::nullopt;
}

/// Returns how many bytes cbo.inval discards, 0 if that does not show: it shows where a cache holds the block modified
/// and the firmware lets cbo.inval discard (menvcfg.CBIE). Returns nothing if cbo.inval or cbo.flush traps.
template <BlockPage Page>
std::optional<std::uint64_t> measure_discard(Page& page) {
    constexpr std::uint8_t in_memory = 0x5a;
    constexpr std::uint8_t in_cache = 0xa5;
    page.fill(in_memory);
    if (!page.flush_block()) {
        return std::nullopt;
    }
    page.fill(in_cache);
    return page.discard_block() ? std::optional{page.count(in_memory)} : std::nullopt;
}

}  // namespace mullion
