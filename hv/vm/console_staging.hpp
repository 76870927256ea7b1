// SPDX-License-Identifier: Apache-2.0
// Holds the bytes that one step of the console composes, until the UART takes them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/text.hpp"

namespace mullion {

/// Requires: it is filled only while empty. The array's assertion catches a step that composes too much.
class Staging {
 public:
    /// Bytes; the longest step is the one that leaves zoom.
    static constexpr std::size_t capacity = 320;

    constexpr bool empty() const { return next_ == end_; }

    constexpr void put(std::uint8_t byte) { bytes_[end_++] = byte; }
    [[gnu::noinline]] constexpr void put(std::string_view text) {
        for (const char c : text) {
            put(static_cast<std::uint8_t>(c));
        }
    }
    constexpr void put_spaces(std::size_t count) {
        for (; count > 0; --count) {
            put(std::uint8_t{' '});
        }
    }
    [[gnu::noinline]] constexpr void put_number(std::uint32_t number) { put((Text{} << number).view()); }

    constexpr std::span<const std::uint8_t> view() const { return std::span{bytes_}.subspan(next_, end_ - next_); }
    /// Removes the oldest bytes. Requires: there are so many.
    constexpr void take(std::size_t count) {
        next_ += count;
        if (empty()) {
            next_ = end_ = 0;
        }
    }

 private:
    std::array<std::uint8_t, capacity> bytes_{};
    std::size_t next_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mullion
