// SPDX-License-Identifier: Apache-2.0
// Bytes on their way to the physical UART: what one step of the console composes, sent as the UART takes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/text.hpp"

namespace mullion {

/// Filled while empty, then emptied. The array's own assertion catches a step that composes too much.
class Staging {
 public:
    /// The longest step enters zoom: the end of a line, and two lines of Mullion's own, in colour.
    static constexpr std::size_t capacity = 160;

    constexpr bool empty() const { return next_ == end_; }

    constexpr void put(std::uint8_t byte) { bytes_[end_++] = byte; }
    constexpr void put(std::string_view text) {
        for (const char c : text) {
            put(static_cast<std::uint8_t>(c));
        }
    }
    constexpr void put_spaces(std::size_t count) {
        for (; count > 0; --count) {
            put(std::uint8_t{' '});
        }
    }
    constexpr void put_number(std::uint32_t number) { put((Text{} << number).view()); }

    /// The oldest byte; not empty.
    constexpr std::uint8_t take() {
        const auto byte = bytes_[next_++];
        if (empty()) {
            next_ = end_ = 0;
        }
        return byte;
    }

 private:
    std::array<std::uint8_t, capacity> bytes_{};
    std::size_t next_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mullion
