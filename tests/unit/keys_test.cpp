// SPDX-License-Identifier: Apache-2.0
#include "rooms/keys.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace mullion {
namespace {

using Command = Key::Command;

Key press(Keys& keys, std::uint8_t byte) {
    EXPECT_EQ(keys.feed(0x1d), Key{});
    return keys.feed(byte);
}

TEST(KeysTest, EveryByteButTheEscapeIsText) {
    Keys keys;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (byte != Keys::escape) {
            EXPECT_EQ(keys.feed(static_cast<std::uint8_t>(byte)),
                      (Key{Command::text, static_cast<std::uint8_t>(byte)}));
        }
    }
}

TEST(KeysTest, EscapeTwiceIsTheEscapeAsText) {
    Keys keys;
    EXPECT_EQ(press(keys, 0x1d), (Key{Command::text, 0x1d}));
    EXPECT_EQ(keys.feed('h'), (Key{Command::text, 'h'}));
}

TEST(KeysTest, LettersAreTheFixedOnes) {
    Keys keys;
    EXPECT_EQ(press(keys, 'n'), Key{Command::next});
    EXPECT_EQ(press(keys, 'h'), Key{Command::help});
    EXPECT_EQ(press(keys, 's'), Key{Command::states});
    EXPECT_EQ(press(keys, 'b'), Key{Command::line_break});
    EXPECT_EQ(press(keys, 'i'), Key{Command::interrupt});
    EXPECT_EQ(press(keys, 'r'), Key{Command::restart});
    EXPECT_EQ(press(keys, 'o'), Key{Command::off});
    EXPECT_EQ(press(keys, 'z'), Key{Command::zoom});
    EXPECT_EQ(press(keys, 'q'), Key{Command::machine_off});
}

TEST(KeysTest, DigitsFromOneNameGuests) {
    Keys keys;
    EXPECT_EQ(press(keys, '1'), (Key{Command::guest, 1}));
    EXPECT_EQ(press(keys, '9'), (Key{Command::guest, 9}));
    EXPECT_EQ(press(keys, '0'), Key{Command::unknown});
}

TEST(KeysTest, EverythingElseIsUnknownAndNotText) {
    Keys keys;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (std::string_view{"\x1dnhsbirozq123456789"}.find(static_cast<char>(byte)) == std::string_view::npos) {
            EXPECT_EQ(press(keys, static_cast<std::uint8_t>(byte)), Key{Command::unknown}) << byte;
        }
    }
}

}  // namespace
}  // namespace mullion
