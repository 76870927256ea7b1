// SPDX-License-Identifier: Apache-2.0
#include "vm/console_sequence.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mullion {
namespace {

/// For each byte of `text` whether the terminal is inside something after it.
std::string inside(std::string_view text) {
    Sequence sequence;
    std::string result;
    for (const char c : text) {
        sequence.feed(static_cast<std::uint8_t>(c));
        result.push_back(sequence.inside() ? 'x' : '.');
    }
    return result;
}

TEST(SequenceTest, PlainTextHasNoInside) {
    EXPECT_EQ(inside("ab \t\x7f~"), "......");
}
TEST(SequenceTest, ControlSequenceEndsAtItsFinalByte) {
    EXPECT_EQ(inside("\x1b[1;31mX"), "xxxxxx..");
}
TEST(SequenceTest, ShortEscapesEndAtOnce) {
    EXPECT_EQ(inside("\x1b"
                     "7X\x1b"
                     "cX"),
              "x..x..");
}
TEST(SequenceTest, IntermediateBytesGoOn) {
    EXPECT_EQ(inside("\x1b(BX"), "xx..");
}
TEST(SequenceTest, TitleEndsAtBell) {
    EXPECT_EQ(inside("\x1b]0;t\x07X"), "xxxxx..");
}
TEST(SequenceTest, TitleEndsAtStringTerminator) {
    EXPECT_EQ(inside("\x1b]0;t\x1b\\X"), "xxxxxx..");
}
TEST(SequenceTest, DeviceControlStringEndsAtStringTerminator) {
    EXPECT_EQ(inside("\x1bPq\x1b\\X"), "xxxx..");
}
TEST(SequenceTest, CancelEndsAnything) {
    EXPECT_EQ(inside("\x1b[1\x18X\x1b]0\x1aX"), "xxx..xxx..");
}
TEST(SequenceTest, EndOfLineEndsAnything) {
    EXPECT_EQ(inside("\x1b[1\nX\xe2\rX"), "xxx..x..");
}
TEST(SequenceTest, CharactersOfTwoThreeAndFourBytes) {
    EXPECT_EQ(inside("\xc3\xa9"
                     "a"),
              "x..");
    EXPECT_EQ(inside("\xe2\x82\xac"
                     "a"),
              "xx..");
    EXPECT_EQ(inside("\xf0\x9f\x98\x80"
                     "a"),
              "xxx..");
}
TEST(SequenceTest, BrokenCharacterEndsWhereTheNextBegins) {
    EXPECT_EQ(inside("\xe2"
                     "aa"),
              "x..");
    EXPECT_EQ(inside("\xe2\xc3\xa9"), "xx.");
    EXPECT_EQ(inside("\xf0\x9f\x1b[m"), "xxxx.");
}
TEST(SequenceTest, BytesThatStartNoCharacterAreAlone) {
    EXPECT_EQ(inside("\x80\xc0\xc1\xf5\xff"), ".....");
}
TEST(SequenceTest, EndlessSequenceIsGivenUp) {
    const auto result = inside("\x1b]" + std::string(300, 'x'));
    EXPECT_EQ(result.find('.'), Sequence::longest - 1);
    EXPECT_EQ(result.find('x', Sequence::longest), std::string::npos);
}

}  // namespace
}  // namespace mullion
