// SPDX-License-Identifier: Apache-2.0
#include "vm/console_filter.hpp"

#include <gtest/gtest.h>
#include <locale.h>
#include <wchar.h>

#include <string>
#include <string_view>

namespace mullion {
namespace {

using Unit = Filter::Unit;

/// Returns what the filter makes of `text`: characters and control characters as they are, control sequences between
/// < and >.
std::string units(std::string_view text) {
    Filter filter;
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        result += filter.is_broken_by(byte) ? "?" : "";
        switch (filter.feed(byte)) {
            case Unit::none:
                break;
            case Unit::text:
                result += filter.view();
                break;
            case Unit::control:
                result += "<" + std::string(filter.view()) + filter.final_byte() + ">";
                break;
            default:
                result += c;
        }
    }
    return result;
}

TEST(FilterTest, TextAndItsFourControlsPass) {
    EXPECT_EQ(units("ab ~\t\b\r\n"), "ab ~\t\b\r\n");
}
TEST(FilterTest, OtherControlsAreDropped) {
    std::string controls;
    for (char c = 0; c < 0x20; ++c) {
        if (std::string_view{"\t\b\r\n\x1b"}.find(c) == std::string_view::npos) {
            controls += c;
        }
    }
    EXPECT_EQ(units("a" + controls + "\x7f" + "b"), "ab");
}
TEST(FilterTest, ControlSequenceIsOneUnit) {
    EXPECT_EQ(units("\x1b[1;31mX\x1b[K"), "<1;31m>X<K>");
}
TEST(FilterTest, ControlSequenceWithAnythingElseInItIsDropped) {
    EXPECT_EQ(units("\x1b[?25$pX"), "X");
    EXPECT_EQ(units("\x1b[ qX"), "X");
    EXPECT_EQ(units(std::string_view{"\x1b[\0"
                                     "6nX",
                                     6}),
              "X");
    EXPECT_EQ(units("\x1b[6\xc3\xa9nX"), "X");
    EXPECT_EQ(units("\x1b[" + std::string(Filter::longest_control + 1, '1') + "mX"), "X");
}
TEST(FilterTest, LongestControlSequencePasses) {
    const std::string parameters(Filter::longest_control, '1');
    EXPECT_EQ(units("\x1b[" + parameters + "m"), "<" + parameters + "m>");
}
TEST(FilterTest, EscapeBeginsAnew) {
    EXPECT_EQ(units("\x1b\x1b[6nX"), "<6n>X");
    EXPECT_EQ(units("\x1b[1\x1b[2mX"), "<2m>X");
}
TEST(FilterTest, OtherEscapesAreDropped) {
    EXPECT_EQ(units("\x1b"
                    "7a\x1b"
                    "cb\x1b"
                    "Zc\x1b(Bd\x1b#8e\x1b Ff\x1b=g"),
              "abcdefg");
}
TEST(FilterTest, StringsAreDroppedWithWhatEndsThem) {
    for (const char* begin : {"\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX"}) {
        for (const char* end : {"\x07", "\x1b\\", "\x18", "\x1a"}) {
            EXPECT_EQ(units(std::string("a") + begin + "52;c;?\xe2\x82" + end + "b"), "ab");
        }
    }
}
TEST(FilterTest, EndOfALineEndsAnything) {
    for (const char* begin : {"\x1b]2;", "\x1bP", "\x1b[1;", "\x1b", "\x1b("}) {
        EXPECT_EQ(units(std::string("a") + begin + "\nb"), "a\nb");
        EXPECT_EQ(units(std::string("a") + begin + "\rb"), "a\rb");
    }
}
TEST(FilterTest, EndlessStringIsGivenUp) {
    EXPECT_EQ(units("\x1b]" + std::string(Filter::longest_string, 'x') + "yz"), "yz");
}
TEST(FilterTest, CharactersOfTwoThreeAndFourBytesPass) {
    for (const char* text :
         {"\xc2\xa0", "\xc3\xa9", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xef\xbf\xbd", "\xf0\x90\x80\x80", "\xf0\x9f\x98\x80", "\xf3\xb1\x80\x80"}) {
        EXPECT_EQ(units(text), text);
    }
}
TEST(FilterTest, WhatIsNoCharacterIsShownAsAQuestionMark) {
    EXPECT_EQ(units("\x80\x9b\xa0\xc0\xc1\xf5\xff"), "???????");
    EXPECT_EQ(units("\xc0\x80"), "??");            // overlong
    EXPECT_EQ(units("\xe0\x9f\xbf"), "???");       // overlong
    EXPECT_EQ(units("\xed\xa0\x80"), "???");       // a surrogate
    EXPECT_EQ(units("\xf4\x90\x80\x80"), "????");  // above U+10FFFF
}
TEST(FilterTest, BrokenCharacterEndsWhereTheNextBegins) {
    EXPECT_EQ(units("\xe2"
                    "ab"),
              "?ab");
    EXPECT_EQ(units("\xe2\xc3\xa9"), "?\xc3\xa9");
    EXPECT_EQ(units("\xf0\x9f\x1b[mX"), "?<m>X");
    EXPECT_EQ(units("\xe2\x82\n"), "?\n");
}
TEST(FilterTest, CharactersThatMoveTheReaderOrTheLineAreDropped) {
    for (const char* text :
         {"\xc2\x85", "\xc2\x9b", "\xd8\x9c", "\xe1\xa0\x8e", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f",
          "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6",
          "\xe2\x81\xa9", "\xef\xbb\xbf", "\xef\xbf\xb9", "\xf3\xa0\x80\x81"}) {
        EXPECT_EQ(units("a" + std::string(text) + "b"), "ab");
    }
}
std::string utf8(char32_t code) {
    const auto part = [code](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x800) {
        return {static_cast<char>(0xc0 | code >> 6), part(0)};
    }
    return code < 0x10000 ? std::string{static_cast<char>(0xe0 | code >> 12), part(6), part(0)}
                          : std::string{static_cast<char>(0xf0 | code >> 18), part(12), part(6), part(0)};
}
/// Compares the filter with the C library's wcwidth(), which knows Unicode's tables.
TEST(FilterTest, WhatHasNoColumnOfItsOwnDoesNotStandAlone) {
    const auto locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    ASSERT_NE(locale, nullptr);
    const auto before = uselocale(locale);
    unsigned seen = 0;
    for (char32_t code = 0x80; code < 0x20000; ++code) {
        Filter filter;
        auto unit = Unit::none;
        for (const char c : utf8(code)) {
            unit = filter.feed(static_cast<std::uint8_t>(c));
        }
        if (unit == Unit::text && wcwidth(static_cast<wchar_t>(code)) == 0) {
            ++seen;
            EXPECT_FALSE(filter.stands_alone()) << std::hex << static_cast<std::uint32_t>(code);
        }
    }
    uselocale(before);
    freelocale(locale);
    EXPECT_GT(seen, 1000U);
}
TEST(FilterTest, MostCharactersStandAlone) {
    for (const char* text : {"x", "\xc3\xa9", "\xce\xb1", "\xd0\x96", "\xe2\x94\x80", "\xe4\xb8\xad", "\xea\xb0\x80",
                             "\xf0\x9f\x98\x80"}) {
        Filter filter;
        for (const char c : std::string_view{text}) {
            filter.feed(static_cast<std::uint8_t>(c));
        }
        EXPECT_TRUE(filter.stands_alone()) << text;
    }
}
TEST(FilterTest, NumberIsTheOnlyParameter) {
    const auto number = [](std::string_view text) {
        Filter filter;
        for (const char c : text) {
            filter.feed(static_cast<std::uint8_t>(c));
        }
        return filter.number();
    };
    EXPECT_EQ(number("\x1b[K"), 0u);
    EXPECT_EQ(number("\x1b[12C"), 12u);
    EXPECT_EQ(number("\x1b[99999999999C"), 9999u);
    EXPECT_EQ(number("\x1b[1;2C"), std::nullopt);
    EXPECT_EQ(number("\x1b[?1C"), std::nullopt);
}

TEST(RenditionTest, AttributesAndColorsPass) {
    for (const char* harmless : {"", "0", "1;31", "01;32", ";", "4:3", "38;5;11", "48;5;12;1", "38;2;10;11;12;1",
                                 "38:2::10:11:12", "59", "97;107", "38"}) {
        EXPECT_TRUE(is_harmless_rendition(harmless)) << harmless;
    }
}
TEST(RenditionTest, FontsAndWhatNobodyKnowsDoNot) {
    for (const char* refused :
         {"10", "11", "20", "1;11", "38;5;1;11", "38;2;1;2;3;12", "38;1;11", "38;5;256", "60", "58;5;11", "58:5:1",
          "1;58;2;11;12;11", "89", "108", "99999999991", "?4", ">4;2", "38:5:1;11", "4:3;10"}) {
        EXPECT_FALSE(is_harmless_rendition(refused)) << refused;
    }
}

}  // namespace
}  // namespace mullion
