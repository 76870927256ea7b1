// SPDX-License-Identifier: Apache-2.0
// Where a terminal stands in a stream of bytes: between characters, or inside a UTF-8 character or an escape sequence
// (ECMA-48, 5.3 to 5.6) that must not be cut.
#pragma once

#include <cstdint>

namespace mullion {

class Sequence {
 public:
    /// Longer sequences are taken for garbage, so that nobody can hold the screen by opening one.
    static constexpr std::uint32_t longest = 128;

    constexpr bool inside() const { return state_ != State::ground; }

    /// Between characters such a byte is one, and changes nothing.
    static constexpr bool is_plain(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

    constexpr void feed(std::uint8_t byte) {
        if (state_ == State::ground && is_plain(byte)) {
            return;
        }
        state_ = next(byte);
        length_ = inside() ? length_ + 1 : 0;
        if (length_ >= longest) {
            *this = {};
        }
    }

 private:
    enum class State : std::uint8_t { ground, escape, control, string, utf8_last, utf8_middle, utf8_first };

    constexpr State next(std::uint8_t byte) const {
        if (byte == 0x18 || byte == 0x1a || byte == '\r' || byte == '\n') {
            return State::ground;  // CAN and SUB end every sequence; a line ends ours
        }
        switch (state_) {
            case State::escape:
                return after_escape(byte);
            case State::control:
                return byte >= 0x40 && byte < 0x7f ? State::ground : State::control;
            case State::string:
                return byte == 0x07 ? State::ground : byte == 0x1b ? State::escape : State::string;
            case State::utf8_first:
                return is_continuation(byte) ? State::utf8_middle : first(byte);
            case State::utf8_middle:
                return is_continuation(byte) ? State::utf8_last : first(byte);
            case State::utf8_last:
                return is_continuation(byte) ? State::ground : first(byte);
            case State::ground:
                break;
        }
        return first(byte);
    }

    static constexpr State after_escape(std::uint8_t byte) {
        switch (byte) {
            case '[':
                return State::control;
            case ']':  // OSC, DCS, APC, PM, SOS: up to BEL or ST
            case 'P':
            case '_':
            case '^':
            case 'X':
                return State::string;
            default:
                return byte < 0x30 || byte == 0x1b ? State::escape : State::ground;  // intermediates go on
        }
    }

    static constexpr State first(std::uint8_t byte) {
        if (byte == 0x1b) {
            return State::escape;
        }
        if (byte >= 0xc2 && byte <= 0xf4) {  // the lead bytes of UTF-8 (RFC 3629, section 4)
            return byte < 0xe0 ? State::utf8_last : byte < 0xf0 ? State::utf8_middle : State::utf8_first;
        }
        return State::ground;
    }

    static constexpr bool is_continuation(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

    State state_ = State::ground;
    std::uint32_t length_ = 0;
};

}  // namespace mullion
