// SPDX-License-Identifier: Apache-2.0
// Translates guest physical addresses that a guest passes to the hypervisor, and checks that the guest itself may
// access them like that. Only memory windows count, not devices or interrupt files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/description.hpp"

namespace mullion {

constexpr bool grants(Rights granted, Rights needed) {
    const auto need = static_cast<unsigned>(needed);
    return (static_cast<unsigned>(granted) & need) == need;
}

/// Returns the host range of the longest part of [at, at + size) from `at` on that is in one memory window with the
/// rights needed; nothing if there is none.
constexpr std::optional<HostRange> find_piece(const Guest& guest, Gpa at, std::uint64_t size, Rights needed) {
    for (const auto& window : guest.windows) {
        if (window.kind == WindowKind::memory && grants(window.rights, needed) && window.guest().contains(at)) {
            const auto offset = at - window.at;
            return HostRange{window.to + offset, std::min(size, window.size - offset)};
        }
    }
    return std::nullopt;
}

/// Returns the host address of [at, at + size), nothing unless all of it is in one memory window with the rights
/// needed.
constexpr std::optional<Hpa> find(const Guest& guest, Gpa at, std::uint64_t size, Rights needed) {
    const auto piece = find_piece(guest, at, size, needed);
    return piece && piece->size == size ? std::optional{piece->base} : std::nullopt;
}

/// Returns whether all of [at, at + size) is in memory windows with the rights needed; they may be several adjacent
/// ones.
constexpr bool is_guest_memory(const Guest& guest, Gpa at, std::uint64_t size, Rights needed) {
    while (size != 0) {
        const auto piece = find_piece(guest, at, size, needed);
        if (!piece) {
            return false;
        }
        at = at + piece->size;
        size -= piece->size;
    }
    return true;
}

/// Returns whether a hart may start at `at`: it is 2-byte aligned, as the C extension allows, and 2 bytes are there.
constexpr bool is_entry(const Guest& guest, Gpa at) {
    constexpr std::uint64_t parcel = 2;
    return is_aligned(at.value, parcel) && find(guest, at, parcel, Rights::rx).has_value();
}

/// Calls `function(HostRange)` for each part of a memory window that must be cleared: all pages but those of which an
/// image that is loaded overwrites every byte.
template <class Function>
constexpr void for_each_piece_to_clear(const Guest& guest, const Window& window, Function function) {
    const auto end = window.guest().end().value;
    for (auto at = window.at.value; at < end;) {
        auto next = end;  // what is loaded there ends at `past`
        auto past = end;
        for (const auto& load : guest.loads) {
            const auto first = align_up(load.to.value, page_size);
            const auto last = align_down(load.to.value + load.size, page_size);
            if (at <= first && first < next && first < last) {
                next = first;
                past = last;
            }
        }
        if (at < next) {
            function(HostRange{window.to + (at - window.at.value), next - at});
        }
        at = past;
    }
}

}  // namespace mullion
