// SPDX-License-Identifier: Apache-2.0
// Guest physical addresses that a guest hands to the hypervisor: where they are in the machine, and whether the guest
// may use them in that way itself. Only RAM counts; devices and interrupt files are nothing to read from or to start
// at.
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

/// The longest piece of [at, at + size) that begins at `at` and lies in one memory window with the rights needed.
constexpr std::optional<HostRange> find_piece(const Guest& guest, Gpa at, std::uint64_t size, Rights needed) {
    for (const auto& window : guest.windows) {
        if (window.kind == WindowKind::memory && grants(window.rights, needed) && window.guest().contains(at)) {
            const auto offset = at - window.at;
            return HostRange{window.to + offset, std::min(size, window.size - offset)};
        }
    }
    return std::nullopt;
}

/// Where [at, at + size) is, if all of it lies in one memory window with the rights needed.
constexpr std::optional<Hpa> find(const Guest& guest, Gpa at, std::uint64_t size, Rights needed) {
    const auto piece = find_piece(guest, at, size, needed);
    return piece && piece->size == size ? std::optional{piece->base} : std::nullopt;
}

/// Whether all of [at, at + size) lies in memory windows with the rights needed, perhaps in several that adjoin.
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

/// Whether a hart may begin at `at`: with the C extension instructions are 2-byte aligned, and 2 bytes must be there.
constexpr bool is_entry(const Guest& guest, Gpa at) {
    constexpr std::uint64_t parcel = 2;
    return is_aligned(at.value, parcel) && find(guest, at, parcel, Rights::rx).has_value();
}

}  // namespace mullion
