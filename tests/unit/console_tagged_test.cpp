// SPDX-License-Identifier: Apache-2.0
// Tests what a tagged line shows of what its guest writes, and what it does not (docs/interface.md).
#include "vm/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_fixture.hpp"

namespace mullion {
namespace {

class ConsoleTaggedTest : public ConsoleFixture {};

TEST_F(ConsoleTaggedTest, QuestionsToTheTerminalAreNotAsked) {
    say(alpha, "~# \x1b[6nls\x1b[c \x1b[1m\x1b[0mx\x1b[5n\x1b[>c\x1b[18t\x1bZ\x05\n");
    EXPECT_EQ(shown(), "alpha  | ~# ls \x1b[1m\x1b[0mx\r\n");
}

TEST_F(ConsoleTaggedTest, CharactersAreShownWhenTheyAreComplete) {
    say(alpha, "~# ");
    wait(20);
    shown();
    say(alpha, "\xe2\x82");
    EXPECT_EQ(shown(), "");
    say(alpha, "\xac");
    EXPECT_EQ(shown(), "\xe2\x82\xac");
}

TEST_F(ConsoleTaggedTest, ReturnAloneDrawsTheTagAgain) {
    say(alpha, "10%\r20%\r\r\n");
    EXPECT_EQ(shown(), "alpha  | 10%\ralpha  | 20%\r\n");
}

TEST_F(ConsoleTaggedTest, RenditionEndsWithTheLine) {
    say(alpha, "\x1b[31mred\nplain\n");
    EXPECT_EQ(shown(), "alpha  | \x1b[31mred\x1b[0m\r\nalpha  | plain\r\n");
}

TEST_F(ConsoleTaggedTest, RenditionIsNotTheTags) {
    say(alpha, "\x1b[41;8mred\ranew\n");
    EXPECT_EQ(shown(), "alpha  | \x1b[41;8mred\x1b[0m\ralpha  | anew\r\n");
}

TEST_F(ConsoleTaggedTest, RestOfTheLineMayBeErased) {
    say(alpha, "abc\r\x1b[Kx\x1b[Jy\x1b[0Kz\x1b[1K\x1b[2J\n");
    EXPECT_EQ(shown(), "alpha  | abc\ralpha  | \x1b[Kx\x1b[Ky\x1b[Kz\r\n");
}

TEST_F(ConsoleTaggedTest, WholeLineIsErasedBehindItsTag) {
    say(alpha, "abc\x1b[2Kx\n");
    EXPECT_EQ(shown(), "alpha  | abc\ralpha  | \x1b[K\x1b[3Cx\r\n");
}

TEST_F(ConsoleTaggedTest, BackspaceStaysBehindTheTag) {
    say(alpha, "ab\b\b\b\bx\n");
    EXPECT_EQ(shown(), "alpha  | ab\x1b[1D\x1b[1Dx\r\n");
}

TEST_F(ConsoleTaggedTest, ColumnsAreTheGuestsOwn) {
    say(alpha, "abc\x1b[1GA\x1b[9DB\x1b[3CC\n");
    EXPECT_EQ(shown(), "alpha  | abc\x1b[3DA\x1b[1DB\x1b[3CC\r\n");
}

TEST_F(ConsoleTaggedTest, WayBackFromBeyondANarrowTerminalBeginsAtTheTag) {
    const std::string text(50, 'x');
    say(alpha, text + "\x1b[40Dy\n");
    EXPECT_EQ(shown(), "alpha  | " + text + "\ralpha  | \x1b[10Cy\r\n");
}

TEST_F(ConsoleTaggedTest, WhatIsDrawnAgainCountsForTheLength) {
    std::string spinner;
    for (int i = 0; i < 400; ++i) {
        spinner += "\rx";
    }
    queue(alpha, spinner + "\n");
    queue(beta, "here\n");
    drain();
    EXPECT_THAT(shown().substr(0, Screen::longest_turn + 20), ::testing::HasSubstr("beta   | here\r\n"));
}

TEST_F(ConsoleTaggedTest, HalfASequenceHoldsNobodyUp) {
    for (const char* half : {"\x1b", "\x1b[3", "\xe2\x82", "\r", "\x1b]0;title"}) {
        say(alpha, "a# ");
        wait(20);
        say(alpha, half);
        say(beta, "news\n");
        EXPECT_EQ(shown(), "alpha  | a# \r\nbeta   | news\r\n");
        wait(20);
        EXPECT_EQ(shown(), "alpha  | a# ");
        say(alpha, "\n");
        shown();
    }
}

TEST_F(ConsoleTaggedTest, SequenceThatWasInterruptedIsCarriedOutWhenItIsComplete) {
    say(alpha, "a# \x1b[3");
    wait(20);
    say(beta, "news\n");
    say(alpha, "1mred");
    wait(20);
    EXPECT_EQ(shown(), "alpha  | a# \r\nbeta   | news\r\nalpha  | a# \x1b[31mred");
}

TEST_F(ConsoleTaggedTest, CharacterAtTheEndOfALongLineBeginsTheNext) {
    const std::string text(line_limit - 1, 'x');
    queue(alpha, text + "\xc3\xa9yz\n");
    drain();
    EXPECT_EQ(shown(), "alpha  | " + text + "\r\nalpha  | \xc3\xa9yz\r\n");
}

TEST_F(ConsoleTaggedTest, StringIsDroppedAcrossLongLines) {
    queue(alpha, "\x1b]" + std::string(2 * line_limit, 'x') + "\x07text\n");
    drain();
    EXPECT_EQ(shown(), "alpha  | \r\nalpha  | \r\nalpha  | text\r\n");
}

}  // namespace
}  // namespace mullion
