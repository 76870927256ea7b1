// SPDX-License-Identifier: Apache-2.0
// Builds a line of text without a heap. What does not fit is cut off. Functions are not inlined, as there are many
// lines and speed does not matter.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace mullion {

class Text {
 public:
    [[gnu::noinline]] constexpr Text& operator<<(std::string_view text) {
        for (const char c : text.substr(0, buffer_.size() - size_)) {
            buffer_[size_++] = c;
        }
        return *this;
    }
    constexpr Text& operator<<(char c) { return *this << std::string_view{&c, 1}; }
    constexpr Text& operator<<(std::unsigned_integral auto value) { return number(value, 10); }
    constexpr Text& hex(std::uint64_t value) { return (*this << "0x").number(value, 16); }

    /// Adds spaces up to `column`, counted from the start of the line.
    [[gnu::noinline]] constexpr Text& pad_to(std::size_t column) {
        while (size_ < column && size_ < buffer_.size()) {
            buffer_[size_++] = ' ';
        }
        return *this;
    }

    constexpr std::string_view view() const { return {buffer_.data(), size_}; }

 private:
    [[gnu::noinline]] constexpr Text& number(std::uint64_t value, unsigned base) {
        std::array<char, 20> digits{};
        auto at = digits.size();
        do {
            digits[--at] = "0123456789abcdef"[value % base];
            value /= base;
        } while (value != 0);
        return *this << std::string_view{digits.data() + at, digits.size() - at};
    }

    std::array<char, 160> buffer_{};
    std::size_t size_ = 0;
};

}  // namespace mullion
