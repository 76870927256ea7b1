// SPDX-License-Identifier: Apache-2.0
// Translates one access, by the numbered steps of the privileged manual's "Virtual Address Translation Process", with
// "Guest Physical Address Translation" for the G-stage, as a hart without Svadu, Svpbmt and Svnapot.
#pragma once

#include <cstdint>
#include <optional>

#include "image.hpp"
#include "walk.hpp"

namespace mullion::audit {

/// Returns where an access that needs `rights` (one of readable, writable, executable) leads, nothing if it faults.
inline std::optional<std::uint64_t> translate(const Image& image, const Root& root, std::uint64_t address,
                                              std::uint8_t rights) {
    const bool guest = root.stage == Stage::guest;
    const unsigned bits = 12 + 9 * root.levels;
    if (guest ? address >> (bits + 2) != 0
              : (address >> (bits - 1)) != 0 && (address >> (bits - 1)) != ~std::uint64_t{0} >> (bits - 1)) {
        return std::nullopt;
    }
    std::uint64_t a = root.table;               // step 1
    for (unsigned i = root.levels; i-- > 0;) {  // step 2
        const auto mask = guest && i + 1 == root.levels ? 2047u : 511u;
        const auto pte = image.word(a + (address >> (12 + 9 * i) & mask) * 8);
        const auto reserved = ~std::uint64_t{0} << 54;
        if (!pte || (*pte & 1) == 0 || (*pte & 6) == 4 || (*pte & reserved) != 0) {  // step 3
            return std::nullopt;
        }
        const auto page = (*pte >> 10) << 12;
        if ((*pte & 10) == 0) {  // step 4: a pointer, in which D, A and U are reserved
            if ((*pte & 0xd0) != 0) {
                return std::nullopt;
            }
            a = page;
            continue;
        }
        const auto offset = (std::uint64_t{1} << (12 + 9 * i)) - 1;
        const auto needed = rights | 0x40u | (rights == writable ? 0x80u : 0u);  // steps 6 and 9: A, and D for a store
        const bool user = (*pte & 0x10) != 0;
        if ((page & offset) != 0 || user != guest || (*pte & needed) != needed) {  // steps 7 and 8
            return std::nullopt;
        }
        return page | (address & offset);  // step 10
    }
    return std::nullopt;
}

}  // namespace mullion::audit
