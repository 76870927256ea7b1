// SPDX-License-Identifier: Apache-2.0
// Accesses little-endian words in guest memory. Each is read only once, as the guest's other harts may change it at any
// time.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mullion {

template <std::unsigned_integral Word>
Word load(std::span<const std::uint8_t> memory, std::size_t at) {
    std::array<std::uint8_t, sizeof(Word)> bytes;
    std::ranges::copy(memory.subspan(at, sizeof(Word)), bytes.begin());
    return std::bit_cast<Word>(bytes);
}

template <std::unsigned_integral Word>
void store(std::span<std::uint8_t> memory, std::size_t at, Word value) {
    std::ranges::copy(std::bit_cast<std::array<std::uint8_t, sizeof(Word)>>(value),
                      memory.subspan(at, sizeof(Word)).begin());
}

}  // namespace mullion
