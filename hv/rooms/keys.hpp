// SPDX-License-Identifier: Apache-2.0
// Decodes the console's keys: Ctrl-] and one more (docs/guide.md lists them).
#pragma once

#include <cstdint>

namespace mullion {

struct Key {
    enum class Command : std::uint8_t {
        none,   ///< incomplete
        text,   ///< `byte` is for the guest
        guest,  ///< give the input to guest number `byte`, 1..9
        next,
        help,
        states,
        line_break,
        interrupt,
        restart,
        off,
        zoom,
        machine_off,
        unknown
    };

    Command command = Command::none;
    std::uint8_t byte = 0;

    constexpr bool operator==(const Key&) const = default;
};

class Keys {
 public:
    static constexpr std::uint8_t escape = 0x1d;  ///< Ctrl-]

    /// Takes the next byte from the terminal.
    constexpr Key feed(std::uint8_t byte) {
        if (escaped_) {
            escaped_ = false;
            return command(byte);
        }
        escaped_ = byte == escape;
        return escaped_ ? Key{} : Key{Key::Command::text, byte};
    }

 private:
    static constexpr Key command(std::uint8_t byte) {
        switch (byte) {
            case escape:
                return {Key::Command::text, escape};
            case 'n':
                return {Key::Command::next};
            case 'h':
                return {Key::Command::help};
            case 's':
                return {Key::Command::states};
            case 'b':
                return {Key::Command::line_break};
            case 'i':
                return {Key::Command::interrupt};
            case 'r':
                return {Key::Command::restart};
            case 'o':
                return {Key::Command::off};
            case 'z':
                return {Key::Command::zoom};
            case 'q':
                return {Key::Command::machine_off};
            default:
                break;
        }
        if (byte >= '1' && byte <= '9') {
            return {Key::Command::guest, static_cast<std::uint8_t>(byte - '0')};
        }
        return {Key::Command::unknown};
    }

    bool escaped_ = false;
};

}  // namespace mullion
