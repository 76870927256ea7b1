// SPDX-License-Identifier: Apache-2.0
// Splits a guest's output into units, as a terminal does: UTF-8 characters (RFC 3629), control characters and control
// sequences (ECMA-48, 5.3 to 5.6). A unit is shown only when it is complete, so that a line may be taken off the screen
// at any time. What no tagged line may contain (docs/interface.md) does not become a unit.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mullion {

class Filter {
 public:
    enum class Unit : std::uint8_t {
        none,  ///< incomplete, or not to be shown
        text,  ///< view(): one character
        tab,
        backspace,
        carriage_return,
        line_feed,
        control,  ///< a control sequence: final_byte(), parameters()
    };

    /// Longer control sequences are dropped.
    static constexpr std::size_t longest_control = 63;
    /// A longer operating system command, or the like, is given up: what follows is text.
    static constexpr std::uint32_t longest_string = 4096;

    /// Returns whether the byte, between units, is a whole unit by itself.
    static constexpr bool is_plain(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

    constexpr bool between_units() const { return state_ == State::ground; }

    /// Returns whether `byte` does not continue the character that was begun, which thus never becomes complete.
    constexpr bool is_broken_by(std::uint8_t byte) const { return state_ == State::character && !continues(byte); }

    /// Takes the next byte, and returns the unit that it completes.
    constexpr Unit feed(std::uint8_t byte) {
        switch (byte) {
            case '\n':
                return end(Unit::line_feed);
            case '\r':
                return end(Unit::carriage_return);
            case 0x18:  // CAN
            case 0x1a:  // SUB
                return end(Unit::none);
            case 0x1b:
                state_ = State::escape;
                return Unit::none;
            default:
                return feed_other(byte);
        }
    }

    /// Returns the last unit's character, or its sequence's bytes between `ESC [` and the final one.
    constexpr std::string_view view() const { return {bytes_.data(), size_}; }
    /// Returns whether the character may take two columns on some terminal: whether it is not known to take one or
    /// none.
    constexpr bool may_be_wide() const {
        const bool is_narrow = code_ < 0x1100 || (code_ >= 0x1200 && code_ < 0x231a) ||
                               (code_ >= 0x2400 && code_ < 0x25fd) || (code_ >= 0x2800 && code_ < 0x2900);
        return size_ > 2 && !is_narrow;
    }
    /// Returns whether the character is known to take a column of its own, whatever is to the left of it. Excludes
    /// those that combine (Unicode's Mn, Mc and Me, joining jamo, modifiers), and others between them.
    [[gnu::cold]] constexpr bool stands_alone() const {
        struct Range {
            std::uint32_t first, last;
        };
        constexpr std::array<Range, 14> alone{{{0, 0xac},
                                               {0xae, 0x2ff},
                                               {0x370, 0x482},
                                               {0x48a, 0x590},
                                               {0x1e00, 0x200a},
                                               {0x2010, 0x20cf},
                                               {0x2100, 0x2cee},
                                               {0x2e80, 0x3029},
                                               {0x3030, 0x3098},
                                               {0x309b, 0x3163},  // excludes the filler U+3164
                                               {0x3165, 0xa66e},
                                               {0xac00, 0xd7a3},
                                               {0x1f000, 0x1f3fa},
                                               {0x1f400, 0x1fbff}}};
        return size_ == 1 || std::ranges::any_of(alone, [this](const Range& range) {
                   return code_ >= range.first && code_ <= range.last;
               });
    }
    constexpr char final_byte() const { return final_; }
    /// Returns the only parameter of the last control sequence, 0 if it was omitted; nothing if there are others, or
    /// anything else.
    constexpr std::optional<std::uint32_t> number() const {
        std::uint32_t value = 0;
        for (const char c : view()) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            value = value < 1000 ? value * 10 + static_cast<std::uint32_t>(c - '0') : value;
        }
        return value;
    }

 private:
    enum class State : std::uint8_t { ground, character, escape, charset, control, bad_control, string };

    constexpr Unit end(Unit unit) {
        state_ = State::ground;
        return unit;
    }

    [[gnu::cold]] constexpr Unit feed_other(std::uint8_t byte) {
        switch (state_) {
            case State::escape:
                return after_escape(byte);
            case State::charset:
                return byte >= 0x30 ? end(Unit::none) : Unit::none;
            case State::control:
            case State::bad_control:
                return in_control(byte);
            case State::string:
                return byte == 0x07 || ++length_ >= longest_string ? end(Unit::none) : Unit::none;
            case State::character:
                return continues(byte) ? go_on(byte) : first(byte);
            case State::ground:
                break;
        }
        return first(byte);
    }

    constexpr Unit first(std::uint8_t byte) {
        state_ = State::ground;
        if (byte == '\t') {
            return Unit::tab;
        }
        if (byte == '\b') {
            return Unit::backspace;
        }
        if (byte < 0x20 || byte == 0x7f) {
            return Unit::none;
        }
        if (byte >= 0xc2 && byte <= 0xf4) {
            return begin_character(byte);
        }
        size_ = 0;
        add(byte < 0x7f ? byte : std::uint8_t{'?'});
        return Unit::text;
    }

    /// Begins a character (RFC 3629, section 4). The range of the second byte excludes overlong forms, surrogates, and
    /// what is above U+10FFFF.
    constexpr Unit begin_character(std::uint8_t byte) {
        state_ = State::character;
        size_ = 0;
        add(byte);
        missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        lowest_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
        highest_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
        code_ = byte & (0x3fu >> missing_);
        return Unit::none;
    }

    constexpr bool continues(std::uint8_t byte) const { return byte >= lowest_ && byte <= highest_; }

    constexpr Unit go_on(std::uint8_t byte) {
        add(byte);
        code_ = code_ << 6 | (byte & 0x3f);
        lowest_ = 0x80;
        highest_ = 0xbf;
        if (--missing_ != 0) {
            return Unit::none;
        }
        return end(is_harmless(code_) ? Unit::text : Unit::none);
    }

    /// Returns whether a character may be shown. C1 controls may not, nor characters that change the direction, end
    /// lines or show nothing.
    static constexpr bool is_harmless(std::uint32_t code) {
        struct Range {
            std::uint32_t first, last;
        };
        constexpr std::array<Range, 11> refused{{{0x80, 0x9f},
                                                 {0x61c, 0x61c},
                                                 {0x180e, 0x180e},
                                                 {0x200b, 0x200b},
                                                 {0x200e, 0x200f},
                                                 {0x2028, 0x202e},
                                                 {0x2060, 0x206f},
                                                 {0xfeff, 0xfeff},
                                                 {0xfff0, 0xfffb},
                                                 {0xfffe, 0xffff},
                                                 {0xe0000, 0xe0fff}}};
        for (const auto& range : refused) {
            if (code >= range.first && code <= range.last) {
                return false;
            }
        }
        return true;
    }

    constexpr Unit after_escape(std::uint8_t byte) {
        length_ = 0;
        size_ = 0;
        switch (byte) {
            case '[':
                state_ = State::control;
                return Unit::none;
            case ']':  // OSC, DCS, APC, PM, SOS: up to BEL, or to ST, an escape sequence
            case 'P':
            case '_':
            case '^':
            case 'X':
                state_ = State::string;
                return Unit::none;
            default:
                break;
        }
        if (byte >= 0x20) {
            state_ = byte < 0x30 ? State::charset : State::ground;
        }
        return Unit::none;
    }

    /// Takes a parameter byte or the final one. A sequence with anything else is dropped.
    constexpr Unit in_control(std::uint8_t byte) {
        if (byte >= 0x40 && byte < 0x7f) {
            final_ = static_cast<char>(byte);
            return end(state_ == State::control ? Unit::control : Unit::none);
        }
        if (byte >= 0x30 && byte < 0x40 && size_ < longest_control) {
            add(byte);
        } else {
            state_ = State::bad_control;
        }
        return Unit::none;
    }

    constexpr void add(std::uint8_t byte) { bytes_[size_++] = static_cast<char>(byte); }

    State state_ = State::ground;
    std::uint8_t missing_ = 0;  ///< of the character, in bytes
    std::uint8_t lowest_ = 0;   ///< smallest valid next byte
    std::uint8_t highest_ = 0;
    char final_ = 0;
    std::uint8_t size_ = 0;
    std::uint16_t length_ = 0;  ///< of the string, in bytes
    std::uint32_t code_ = 0;
    std::array<char, longest_control> bytes_{};
};

/// Returns whether SGR (ECMA-48, 8.3.117) with these parameters only changes how characters look. It does not with
/// fonts, 10 to 20, which on some terminals select another character set, and which 0 does not end; nor with 58, after
/// which terminals that do not know it (Linux's console) take a colour's numbers for those; nor with unknown
/// parameters.
[[gnu::cold]] constexpr bool is_harmless_rendition(std::string_view parameters) {
    constexpr unsigned most_parameters = 16;  // the limit of some terminals
    unsigned parameter = 1;
    std::uint32_t value = 0;
    enum class Expect : std::uint8_t { attribute, space, color } expect = Expect::attribute;
    unsigned colors = 0;
    const auto take = [&] {
        switch (expect) {
            case Expect::space:  // after 38 and 48: 5 and an index, or 2 and red, green, blue
                colors = value == 5 ? 1 : value == 2 ? 3 : 0;
                expect = Expect::color;
                return colors != 0;
            case Expect::color:
                expect = --colors == 0 ? Expect::attribute : Expect::color;
                return value < 256;
            case Expect::attribute:
                break;
        }
        expect = value == 38 || value == 48 ? Expect::space : Expect::attribute;
        return value < 10 || (value > 20 && value < 58) || value == 59 || (value >= 90 && value <= 107);
    };
    bool with_colon = false;  // the first colon follows the attribute
    for (const char c : parameters) {
        if ((c == ';' || c == ':') && ++parameter > most_parameters) {
            return false;
        }
        if (c == ';') {
            if (!with_colon && !take()) {
                return false;
            }
            with_colon = false;
            value = 0;
        } else if (c == ':') {
            if (!with_colon && !take()) {
                return false;
            }
            with_colon = true;
            expect = Expect::attribute;
        } else if (c >= '0' && c <= '9') {
            value = value < 1000 ? value * 10 + static_cast<std::uint32_t>(c - '0') : value;
        } else {
            return false;
        }
    }
    return with_colon || take();
}

}  // namespace mullion
