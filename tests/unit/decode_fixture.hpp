// SPDX-License-Identifier: Apache-2.0
// Provides memory accesses, and what they print as, for the tests of the decoder.
#pragma once

#include <cstdint>
#include <ostream>

#include "core/decode.hpp"

namespace mullion {

inline void PrintTo(const MemoryAccess& access, std::ostream* out) {
    *out << (access.store         ? "store"
             : access.sign_extend ? "load"
                                  : "load unsigned")
         << " of " << int{access.bytes} << " bytes, x" << int{access.reg} << ", length " << int{access.length};
}

namespace decode_test {

constexpr MemoryAccess load(int bytes, int reg, int length) {
    return {false, static_cast<std::uint8_t>(bytes), true, static_cast<std::uint8_t>(reg),
            static_cast<std::uint8_t>(length)};
}
constexpr MemoryAccess load_unsigned(int bytes, int reg, int length) {
    auto access = load(bytes, reg, length);
    access.sign_extend = false;
    return access;
}
constexpr MemoryAccess store(int bytes, int reg, int length) {
    auto access = load_unsigned(bytes, reg, length);
    access.store = true;
    return access;
}

}  // namespace decode_test
}  // namespace mullion
