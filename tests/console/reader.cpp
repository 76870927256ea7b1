// SPDX-License-Identifier: Apache-2.0
#include "reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mullion::console_test {
namespace {

constexpr std::size_t narrowest = 40;
constexpr std::size_t tag_columns = 9;
constexpr std::array<std::string_view, 4> tags{"alpha  |", "beta   |", "gamma  |", "mullion|"};
/// Colours of each tag, in order; after the bar the pen is plain.
constexpr std::array<std::string_view, 4> tag_colors{"\x1b[0;36m", "\x1b[0;33m", "\x1b[0;35m", "\x1b[0;1m"};
constexpr std::string_view plain_pen = "\x1b[0m";
constexpr std::string_view no_wrapping = "\x1b[?7l";
constexpr std::string_view erase_to_end = "\x1b[K";

/// Returns whether a code point may be shown: it is no control (Unicode's Cc), does not change the direction, does not
/// end a line, and is visible.
bool may_be_shown(std::uint32_t code) {
    constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 13> kept_out{{{0x7f, 0x9f},
                                                                                {0x61c, 0x61c},
                                                                                {0x180e, 0x180e},
                                                                                {0x200b, 0x200b},
                                                                                {0x200e, 0x200f},
                                                                                {0x2028, 0x202e},
                                                                                {0x2060, 0x206f},
                                                                                {0xd800, 0xdfff},
                                                                                {0xfeff, 0xfeff},
                                                                                {0xfff0, 0xfffb},
                                                                                {0xfffe, 0xffff},
                                                                                {0xe0000, 0xe0fff},
                                                                                {0x110000, UINT32_MAX}}};
    return code >= 0x20 && std::ranges::none_of(kept_out, [code](const auto& range) {
               return code >= range.first && code <= range.second;
           });
}

/// Reads one row, with the least column where the terminal's cursor can be.
class Row {
 public:
    explicit Row(std::string_view bytes) : left_(bytes) {}

    std::optional<std::string> complaint() {
        skip_modes();
        if (left_.empty() || left_ == "\r") {
            return left_.empty() ? std::nullopt : std::optional<std::string>{"a row of nothing"};
        }
        begin();
        while (!left_.empty() && !wrong_) {
            step();
        }
        if (!wrong_ && ended_ && rendered_) {
            wrong_ = "the pen is not plain at the end";
        }
        return wrong_;
    }

 private:
    bool take(std::string_view text) {
        if (!left_.starts_with(text)) {
            return false;
        }
        left_.remove_prefix(text.size());
        return true;
    }
    void skip_modes() {
        while (take(no_wrapping)) {
        }
    }
    /// Returns whether the rest may be the beginning of `text`, as the row is not complete.
    bool is_cut(std::string_view text) const { return left_.size() < text.size() && text.starts_with(left_); }

    /// Reads a tag of the row's owner, in colour or not.
    void begin() {
        for (std::size_t i = 0; i != tags.size(); ++i) {
            const auto plain = std::string{tags[i]} + " ";
            const auto colored = fmt::format("{}{}{} ", tag_colors[i], tags[i], plain_pen);
            if (take(plain) || take(colored)) {
                if (owner_.value_or(i) != i) {
                    wrong_ = "two owners in one row";
                }
                owner_ = i;
                column_ = tag_columns;
                rendered_ = false;
                return;
            }
            if (is_cut(plain) || is_cut(colored)) {
                left_ = {};
                return;
            }
        }
        wrong_ = "no tag";
    }

    void step() {
        const auto byte = static_cast<unsigned char>(left_.front());
        if (byte == '\r') {
            carriage_return();
        } else if (byte == 0x1b) {
            sequence();
        } else if (byte == '\t') {
            left_.remove_prefix(1);
        } else if (byte >= 0x80) {
            character();
        } else if (byte >= 0x20 && byte != 0x7f) {
            left_.remove_prefix(1);
            column_ = std::min(column_ + 1, narrowest - 1);
        } else {
            wrong_ = fmt::format("the control {:02x}", byte);
        }
    }

    /// Reads a carriage return: at the end, before the row is erased for another owner, or before its tag is redrawn.
    void carriage_return() {
        left_.remove_prefix(1);
        ended_ = left_.empty();
        if (ended_) {
            return;
        }
        if (rendered_) {
            wrong_ = "the pen is not plain before a carriage return";
            return;
        }
        if (is_cut(erase_to_end)) {
            left_ = {};
        } else if (take(erase_to_end)) {
            owner_.reset();
        }
        skip_modes();
        if (!left_.empty()) {
            begin();
        }
    }

    /// Reads ESC [, parameters, and one of the final bytes in the list.
    void sequence() {
        if (take(no_wrapping) || is_cut(no_wrapping)) {
            left_ = left_.starts_with('\x1b') && is_cut(no_wrapping) ? std::string_view{} : left_;
            return;
        }
        auto end = std::size_t{2};
        while (end < left_.size() && left_[end] >= '0' && left_[end] <= ';') {
            ++end;
        }
        if (!left_.starts_with("\x1b[") && left_ != "\x1b") {
            wrong_ = "an escape sequence";
            return;
        }
        if (end >= left_.size()) {
            left_ = {};
            return;
        }
        const auto parameters = left_.substr(2, end - 2);
        const auto final_byte = left_[end];
        left_.remove_prefix(end + 1);
        if (final_byte == 'm') {
            return rendition(parameters);
        }
        const bool is_number = std::ranges::all_of(parameters, [](char c) { return c >= '0' && c <= '9'; });
        if (!is_number || parameters.size() > 4) {
            wrong_ = fmt::format("the parameters {}", parameters);
            return;
        }
        const auto number = parameters.empty() ? 0UL : std::stoul(std::string{parameters});
        motion(final_byte, number);
    }

    void motion(char final_byte, std::size_t number) {
        switch (final_byte) {
            case 'C':
                column_ = std::min(column_ + std::max<std::size_t>(number, 1), narrowest - 1);
                return;
            case 'D':
                if (std::max<std::size_t>(number, 1) + tag_columns > column_) {
                    wrong_ = "the cursor may go back over the tag";
                }
                column_ -= std::min(column_, std::max<std::size_t>(number, 1));
                return;
            case 'K':
                if (number != 0) {
                    wrong_ = "the start of the row is erased";
                }
                return;
            case '@':
            case 'P':
                return;
            default:
                wrong_ = fmt::format("the final byte {}", final_byte);
        }
    }

    /// Reads attributes and colours by their numbers in ECMA-48 8.3.117, and for colours of a palette or of red, green
    /// and blue in ITU T.416; at most 16 parameters, the limit of some terminals.
    void rendition(std::string_view parameters) {
        std::vector<unsigned long> numbers;
        std::size_t start = 0;
        std::size_t count = 0;
        while (start <= parameters.size()) {
            const auto end = std::min(parameters.find(';', start), parameters.size());
            const auto one = parameters.substr(start, end - start);
            count += 1 + static_cast<std::size_t>(std::ranges::count(one, ':'));
            auto digits = std::string{one.substr(0, one.find(':'))};
            digits.erase(0, digits.find_first_not_of('0'));  // ECMA-48 5.4.2: leading zeros are not significant
            if (digits.size() > 3) {
                wrong_ = "a large parameter of SGR";
                return;
            }
            numbers.push_back(digits.empty() ? 0 : std::stoul(digits));
            start = end + 1;
        }
        if (count > 16) {
            wrong_ = "too many parameters of SGR";
            return;
        }
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const auto number = numbers[i];
            const bool is_color = number == 38 || number == 48;
            const bool is_known =
                number <= 9 || (number >= 21 && number <= 59 && number != 58) || (number >= 90 && number <= 107);
            if (!is_known) {
                wrong_ = fmt::format("SGR {}", number);
            }
            if (is_color && i + 1 < numbers.size()) {
                i += numbers[i + 1] == 5 ? 2 : numbers[i + 1] == 2 ? 4 : 0;
            }
        }
        rendered_ = parameters != "0" && !parameters.empty();
    }

    /// Reads a character of UTF-8, and checks each rule of RFC 3629.
    void character() {
        const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(left_[i]); };
        const auto lead = byte(0);
        const std::size_t size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (size == 0) {
            wrong_ = fmt::format("the byte {:02x}, which begins no character", lead);
            return;
        }
        if (left_.size() < size) {
            // Only whole characters are sent, but the row may end between two bytes of one.
            left_ = {};
            return;
        }
        std::uint32_t code = lead & (0xffU >> (size + 1));
        for (std::size_t i = 1; i < size; ++i) {
            if ((byte(i) & 0xc0) != 0x80) {
                wrong_ = "half of a character";
                return;
            }
            code = code << 6 | (byte(i) & 0x3fU);
        }
        constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
        if (code < least[size] || !may_be_shown(code)) {
            wrong_ = fmt::format("the character U+{:04X}", code);
        }
        left_.remove_prefix(size);
    }

    std::string_view left_;
    std::optional<std::size_t> owner_;
    std::size_t column_ = 0;  ///< the terminal's cursor is there or further to the right
    bool rendered_ = false;
    bool ended_ = false;
    std::optional<std::string> wrong_;
};

}  // namespace

const std::string_view zoom_end =
    "\x18\x1b\\\x1b<\x1b F\x1b%G\x0f\x1b(B\x1b)B\x1b>\x1b[!p\x1b[4l\x1b[20l\x1b[4i"
    "\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?7l\x1b[?9l\x1b[?45l\x1b[?47l\x1b[?66l\x1b[?69l\x1b[?1000l\x1b[?1001l"
    "\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1047l\x1b[?2004l"
    "\x1b[?2026l\x1b[?2031l\x1b[?2048l\x1b[2l\x1b[12h"
    "\x1b[<99u\x1b[>4m\x1b[?25h\x1b[0\"q\x1b[r\x1b[0m\x1b[999;1H\r\n";

std::optional<std::string> complaint_about(std::string_view row) {
    return Row{row}.complaint();
}

}  // namespace mullion::console_test
