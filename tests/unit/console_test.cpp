// SPDX-License-Identifier: Apache-2.0
#include "vm/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_fixture.hpp"

namespace mullion {
namespace {

class ConsoleTest : public ConsoleFixture {};

// --- whole lines ---

TEST_F(ConsoleTest, LineCarriesItsGuestsTagPaddedToTheLongestName) {
    say(alpha, "hello\r\n");
    say(beta, "world\r\n");
    EXPECT_EQ(shown(), "alpha  | hello\r\nbeta   | world\r\n");
}

TEST_F(ConsoleTest, GuestNamesLongerThanOursWidenAllTags) {
    start({"a", "twelve-chars"});
    say(0, "x\n");
    console().print("y");
    drain();
    EXPECT_EQ(shown(), "a           | x\r\nmullion     | y\r\n");
}

TEST_F(ConsoleTest, NothingIsShownOfALineBeforeItEnds) {
    say(alpha, "hello");
    EXPECT_EQ(shown(), "");
    say(alpha, "\n");
    EXPECT_EQ(shown(), "alpha  | hello\r\n");
}

TEST_F(ConsoleTest, LinesOfTwoGuestsWrittenAtOnceAreNotMixed) {
    const std::string_view one = "one line\r\n", two = "other line\r\n";
    for (std::size_t i = 0; i < two.size(); ++i) {
        say(alpha, one.substr(std::min(i, one.size()), 1));
        say(beta, two.substr(i, 1));
    }
    EXPECT_EQ(shown(), "alpha  | one line\r\nbeta   | other line\r\n");
}

TEST_F(ConsoleTest, GuestsTakeTurnsLineByLine) {
    queue(alpha, "a1\na2\na3\n");
    queue(beta, "b1\nb2\nb3\n");
    console().print("m1");
    drain();
    EXPECT_EQ(shown(),
              "mullion| m1\r\nalpha  | a1\r\nbeta   | b1\r\nalpha  | a2\r\nbeta   | b2\r\nalpha  | a3\r\n"
              "beta   | b3\r\n");
}

TEST_F(ConsoleTest, EmptyLinesAreLines) {
    say(alpha, "\n\r\n");
    EXPECT_EQ(shown(), "alpha  | \r\nalpha  | \r\n");
}

TEST_F(ConsoleTest, OwnLinesMayHoldSeveral) {
    console().print("one\ntwo and a half");
    drain();
    EXPECT_EQ(shown(), "mullion| one\r\nmullion| two and a half\r\n");
}

// --- unfinished lines ---

TEST_F(ConsoleTest, PromptAppearsWithinTwentyMilliseconds) {
    say(alpha, "~ # ");
    ASSERT_TRUE(deadline().has_value());
    EXPECT_LT(*deadline(), 20u);
    wait(20);
    EXPECT_EQ(shown(), "alpha  | ~ # ");
    EXPECT_EQ(deadline(), std::nullopt);
}

TEST_F(ConsoleTest, DeadlineIsThatOfTheFirstByte) {
    terminal.time = 100;
    say(alpha, "a");
    const auto first = deadline();
    terminal.time = 105;
    say(alpha, "b");
    say(beta, "c");
    EXPECT_EQ(deadline(), first);
}

TEST_F(ConsoleTest, EchoAfterThePromptAppearsAtOnce) {
    say(alpha, "~ # ");
    wait(20);
    shown();
    say(alpha, "l");
    EXPECT_EQ(shown(), "l");
    say(alpha, "s\r\n");
    EXPECT_EQ(shown(), "s\r\n");
    say(alpha, "bin\r\n");
    EXPECT_EQ(shown(), "alpha  | bin\r\n");
}

TEST_F(ConsoleTest, PromptComesAgainOnAFreshLineAfterAnothersLine) {
    say(alpha, "~ # ls");
    wait(20);
    say(beta, "news\n");
    EXPECT_EQ(shown(), "alpha  | ~ # ls\r\nbeta   | news\r\n");
    wait(20);
    EXPECT_EQ(shown(), "alpha  | ~ # ls");
    say(alpha, " -l\n");
    EXPECT_EQ(shown(), " -l\r\n");
}

TEST_F(ConsoleTest, InColorThePromptIsErasedAndComesAgain) {
    start({"alpha", "beta"}, true);
    const std::string a = "\x1b[0;36malpha  |\x1b[0m ", b = "\x1b[0;33mbeta   |\x1b[0m ";
    say(alpha, "~ # ls");
    wait(20);
    EXPECT_EQ(shown(), a + "~ # ls");
    say(beta, "news\n");
    wait(20);
    EXPECT_EQ(shown(), "\r\x1b[K" + b + "news\r\n" + a + "~ # ls");
}

TEST_F(ConsoleTest, InColorALongLineIsErasedToo) {
    start({"alpha", "beta"}, true);
    const std::string text(200, 'x');
    say(alpha, text);
    wait(20);
    shown();
    say(beta, "news\n");
    EXPECT_TRUE(shown().starts_with("\r\x1b[K"));
    wait(20);
    EXPECT_TRUE(shown().ends_with(text));
}

TEST_F(ConsoleTest, WithoutColorOnlyTheTerminalsModesAreOurs) {
    console().greet();
    say(alpha, "~ # ");
    wait(20);
    say(beta, "news\n");
    wait(20);
    type(
        "\x1dh\x1d"
        "2");
    wait(20);
    auto text = shown();
    for (auto at = text.find(sequences::wrap_off); at != text.npos; at = text.find(sequences::wrap_off)) {
        text.erase(at, sequences::wrap_off.size());
    }
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(ConsoleTest, RedrawWaitsUntilTheOthersAreSilent) {
    say(alpha, "~ # ");
    wait(20);
    for (int i = 0; i < 5; ++i) {
        say(beta, "line\n");
        wait(5);
    }
    wait(20);
    EXPECT_EQ(shown(),
              "alpha  | ~ # \r\nbeta   | line\r\nbeta   | line\r\nbeta   | line\r\nbeta   | line\r\n"
              "beta   | line\r\nalpha  | ~ # ");
}

TEST_F(ConsoleTest, NewBytesOfAnInterruptedLineDoNotWaitForSilence) {
    say(alpha, "~ # ");
    wait(20);
    say(beta, "line\n");
    say(alpha, "l");
    shown();
    for (int i = 0; i < 4; ++i) {
        say(beta, "line\n");
        wait(5);
    }
    EXPECT_THAT(shown(), ::testing::HasSubstr("alpha  | ~ # l"));
}

TEST_F(ConsoleTest, TwoPromptsAreBothShownAndTheInputsStaysAtTheBottom) {
    say(alpha, "a# ");
    wait(20);
    say(beta, "b# ");
    wait(50);
    EXPECT_EQ(shown(), "alpha  | a# \r\nbeta   | b# \r\nalpha  | a# ");
    EXPECT_EQ(deadline(), std::nullopt);
}

TEST_F(ConsoleTest, InColorTwoPromptsComeToRest) {
    start({"alpha", "beta"}, true);
    const std::string a = "\x1b[0;36malpha  |\x1b[0m a# ", b = "\x1b[0;33mbeta   |\x1b[0m b# ";
    say(beta, "b# ");
    wait(20);
    say(alpha, "a# ");
    wait(100);
    EXPECT_TRUE(shown().ends_with(b + "\r\n" + a));
    EXPECT_EQ(deadline(), std::nullopt);
}

TEST_F(ConsoleTest, PromptOfAGuestWithoutTheInputComesAgainToo) {
    say(beta, "b# ");
    wait(20);
    say(alpha, "news\n");
    wait(20);
    EXPECT_EQ(shown(), "beta   | b# \r\nalpha  | news\r\nbeta   | b# ");
}

TEST_F(ConsoleTest, DotsOfAGuestWithoutTheInputAppearWithinTwentyMilliseconds) {
    say(alpha, "a# ");
    say(beta, ".");
    wait(100);
    shown();
    say(beta, ".");
    wait(20);
    EXPECT_EQ(shown(), "\r\nbeta   | ..\r\nalpha  | a# ");
}

TEST_F(ConsoleTest, LongLineContinuesOnANewOne) {
    const std::string text(line_limit, 'x');
    queue(alpha, text + "yz\n");
    queue(beta, "b\n");
    drain();
    EXPECT_EQ(shown(), "alpha  | " + text + "\r\nbeta   | b\r\nalpha  | yz\r\n");
}

TEST_F(ConsoleTest, LongLineDoesNotWaitForItsEnd) {
    queue(alpha, std::string(line_limit, 'x'));
    drain();
    EXPECT_EQ(shown(), "alpha  | " + std::string(line_limit, 'x'));
}

TEST_F(ConsoleTest, LineOfExactlyTheLimitIsNotBroken) {
    const std::string text(line_limit, 'x');
    say(alpha, text + "\r\n");
    drain();
    EXPECT_EQ(shown(), "alpha  | " + text + "\r\n");
}

TEST_F(ConsoleTest, GuestThatNeverEndsALineHoldsNobodyUp) {
    for (int i = 0; i < 100; ++i) {
        say(alpha, std::string(100, 'x'));
    }
    say(beta, "here\n");
    for (int i = 0; i < 20; ++i) {
        say(alpha, std::string(100, 'x'));
    }
    EXPECT_THAT(shown(), ::testing::HasSubstr("beta   | here\r\n"));
}

}  // namespace
}  // namespace mullion
