// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_fixture.hpp"
#include "vm/console.hpp"

namespace mullion {
namespace {

class ConsoleZoomTest : public ConsoleFixture {
 protected:
    /// What is shown when zoom of alpha is entered, and when it is left by a key.
    const std::string entered = "mullion| Ctrl-] z leaves zoom of alpha\r\n" + std::string{sequences::wrap_on};
    const std::string left = std::string{sequences::after_zoom} + std::string{sequences::wrap_off};
};

TEST_F(ConsoleZoomTest, BytesOfTheInputsGuestPassRaw) {
    type("\x1dz");
    EXPECT_EQ(shown(), entered);
    say(alpha, "\x1b[2Jhe\rllo\n\nx");
    EXPECT_EQ(shown(), "\x1b[2Jhe\rllo\n\nx");
}

TEST_F(ConsoleZoomTest, PromptIsTakenAlong) {
    say(alpha, "~ # ");
    wait(20);
    shown();
    type("\x1dz");
    EXPECT_EQ(shown(), "\r\n" + entered + "~ # ");
}

TEST_F(ConsoleZoomTest, LinesOfOthersComeWhenItIsLeft) {
    type("\x1dz");
    shown();
    say(beta, "one\ntwo\n");
    console().print("three");
    say(alpha, "raw\n");
    EXPECT_EQ(shown(), "raw\n");
    type("\x1dz");
    drain();
    EXPECT_EQ(shown(), left + "beta   | one\r\nmullion| three\r\nbeta   | two\r\n");
}

TEST_F(ConsoleZoomTest, PromptComesAgainWithItsTagWhenItIsLeft) {
    type("\x1dz");
    say(alpha, "~ # ");
    shown();
    say(beta, "news\n");
    type("\x1dz");
    wait(20);
    EXPECT_EQ(shown(), left + "beta   | news\r\nalpha  | ~ # ");
}

TEST_F(ConsoleZoomTest, WhateverTheGuestLeftTheTerminalInEnds) {
    for (const char* modes : {"\x1b[31m", "\x1b]0;ti", "\x1bP", "\x1b[?1049h", "\x1b[?25l", "\xe2\x82"}) {
        type("\x1dz");
        drain();
        shown();
        say(alpha, modes);
        EXPECT_EQ(shown(), modes);
        console().leave_zoom();
        drain();
        EXPECT_EQ(shown(), sequences::after_zoom);
        say(alpha, "\x18\n");
        shown();
    }
}

TEST_F(ConsoleZoomTest, HiddenGuestThatHadToWaitIsOfferedRoom) {
    type("\x1dz");
    queue(beta, std::string(OutputChannel::capacity, '\n'));
    EXPECT_FALSE(channel(beta).put('x'));
    for (int i = 0; i < 100; ++i) {
        console().move_on(beta);  // a bounded number of bytes each time
    }
    EXPECT_EQ(terminal.room_offered, std::vector<std::size_t>{beta});
}

TEST_F(ConsoleZoomTest, UnfinishedLinesOfOthersComeWhenItIsLeft) {
    type("\x1dz");
    say(beta, "b# ");
    wait(100);
    shown();
    type("\x1dz");
    wait(20);
    EXPECT_EQ(shown(), left + "beta   | b# ");
}

TEST_F(ConsoleZoomTest, OthersLinesInProgressAreFinishedFirst) {
    queue(beta, "finished first\n");
    terminal.accepted = 12;
    console().pump();
    type("\x1dz");
    terminal.accepted = SIZE_MAX;
    drain();
    EXPECT_EQ(shown(), "beta   | finished first\r\n" + entered);
}

TEST_F(ConsoleZoomTest, OldestHiddenLinesGoFirstAndAreCounted) {
    type("\x1dz");
    shown();
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(say(beta, "line " + std::to_string(10000 + i) + "\n"), 11u);  // a hidden guest never waits
    }
    EXPECT_EQ(shown(), "");
    type("\x1dz");
    drain();
    const auto text = shown().substr(left.size());
    // The channel keeps at least half of its bytes.
    const auto kept = std::ranges::count(text, '\n') - 1;
    EXPECT_GE(kept, static_cast<std::ptrdiff_t>(OutputChannel::capacity) / 2 / 11 - 1);
    EXPECT_TRUE(text.starts_with("mullion| " + std::to_string(2000 - kept) + " lines dropped of beta\r\n" +
                                 "beta   | line " + std::to_string(10000 + 2000 - kept) + "\r\n"));
    EXPECT_TRUE(text.ends_with("beta   | line 11999\r\n"));
}

TEST_F(ConsoleZoomTest, EndlessHiddenLineIsDroppedToo) {
    type("\x1dz");
    EXPECT_EQ(say(beta, std::string(3 * OutputChannel::capacity, 'x') + "\nend\n"), 3 * OutputChannel::capacity + 5);
    shown();
    type("\x1dz");
    drain();
    const auto text = shown().substr(left.size());
    EXPECT_THAT(text, ::testing::StartsWith("mullion| "));
    EXPECT_THAT(text, ::testing::HasSubstr(" lines dropped of beta\r\n"));
    EXPECT_THAT(text, ::testing::EndsWith("beta   | end\r\n"));
}

TEST_F(ConsoleZoomTest, EveryOtherKeyLeavesIt) {
    for (const char* key : {"\x1dh", "\x1ds", "\x1dn",
                            "\x1d"
                            "1",
                            "\x1dr", "\x1do", "\x1dq", "\x1dx"}) {
        type("\x1dz");
        drain();
        shown();
        type(key);
        say(beta, "seen\n");
        drain();
        EXPECT_THAT(shown(), ::testing::HasSubstr("beta   | seen\r\n")) << key[1];
        type(
            "\x1d"
            "1");
        drain();
    }
}

TEST_F(ConsoleZoomTest, CallerMayEndIt) {
    type("\x1dz");
    say(beta, "news\n");
    shown();
    console().leave_zoom();
    drain();
    EXPECT_EQ(shown(), std::string{sequences::after_zoom} + "beta   | news\r\n");
}

TEST_F(ConsoleZoomTest, TextAndTheSentEscapeStayInIt) {
    type("\x1dz");
    EXPECT_EQ(type("a"), (ConsoleAction{ConsoleAction::Kind::text, alpha, 'a'}));
    EXPECT_EQ(type("\x1d\x1d"), (ConsoleAction{ConsoleAction::Kind::text, alpha, 0x1d}));
    shown();
    say(alpha, "raw");
    EXPECT_EQ(shown(), "raw");
}

TEST_F(ConsoleZoomTest, HiddenLinesAreSeenOutByWhoLeavesIt) {
    type("\x1dz");
    queue(beta, std::string(100, '\n'));
    console().pump();
    EXPECT_EQ(console().deadline(beta), std::nullopt);
    terminal.accepted = 0;
    type("\x1dz");
    EXPECT_TRUE(console().deadline(2).has_value());
    terminal.accepted = SIZE_MAX;
    drain();
    EXPECT_EQ(console().deadline(2), std::nullopt);
}

TEST_F(ConsoleZoomTest, HiddenUnfinishedLinesAreSeenOutLikewise) {
    type("\x1dz");
    say(beta, "b# ");
    type("\x1dz");
    ASSERT_TRUE(console().deadline(2).has_value());
    terminal.time = *console().deadline(2);
    shown();
    console().pump();
    EXPECT_EQ(shown(), "beta   | b# ");
    EXPECT_EQ(console().deadline(2), std::nullopt);
}

TEST_F(ConsoleZoomTest, LongRawLineIsNotBroken) {
    type("\x1dz");
    shown();
    const std::string text(3 * line_limit, 'x');
    say(alpha, text);
    drain();
    EXPECT_EQ(shown(), text);
}

TEST_F(ConsoleZoomTest, RawGuestThatHadToWaitIsOfferedRoom) {
    type("\x1dz");
    terminal.accepted = 0;
    while (channel(alpha).room() > 0) {
        say(alpha, "x");
    }
    EXPECT_EQ(say(alpha, "x"), 0u);
    terminal.accepted = SIZE_MAX;
    drain();
    EXPECT_EQ(terminal.room_offered, std::vector<std::size_t>{alpha});
}

}  // namespace
}  // namespace mullion
