// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_fixture.hpp"
#include "vm/console.hpp"
#include "vm/input_queue.hpp"

namespace mullion {
namespace {

using Kind = ConsoleAction::Kind;

class ConsoleInputTest : public ConsoleFixture {};

TEST_F(ConsoleInputTest, FirstLinesNameTheKeysAndTheGuests) {
    console().greet();
    drain();
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} +
                           "mullion| Ctrl-] h help\r\n"
                           "mullion|   1 alpha has the input\r\n"
                           "mullion|   2 beta\r\n");
}

TEST_F(ConsoleInputTest, FirstLineSaysWhatThePlatformAdds) {
    description().hint = "Ctrl-A x quit QEMU";
    restart();
    console().greet();
    drain();
    EXPECT_THAT(shown(), testing::HasSubstr("mullion| Ctrl-] h help, Ctrl-A x quit QEMU\r\n"));
}

TEST_F(ConsoleInputTest, TextGoesToTheFirstGuestAtFirst) {
    EXPECT_EQ(console().focus(), alpha);
    EXPECT_EQ(type("x"), (ConsoleAction{Kind::text, alpha, 'x'}));
}

TEST_F(ConsoleInputTest, DigitGivesTheInputToThatGuest) {
    EXPECT_EQ(type("\x1d"
                   "2"),
              (ConsoleAction{Kind::focus, beta}));
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "mullion| input to beta\r\n");
    EXPECT_EQ(type("2"), (ConsoleAction{Kind::text, beta, '2'}));
    EXPECT_EQ(console().focus(), beta);
}

TEST_F(ConsoleInputTest, NextGoesRound) {
    EXPECT_EQ(type("\x1dn"), (ConsoleAction{Kind::focus, beta}));
    EXPECT_EQ(type("\x1dn"), (ConsoleAction{Kind::focus, alpha}));
}

TEST_F(ConsoleInputTest, KeysAskForWhatTheyName) {
    type(
        "\x1d"
        "2");
    EXPECT_EQ(type("\x1ds"), (ConsoleAction{Kind::states, beta}));
    EXPECT_EQ(type("\x1dr"), (ConsoleAction{Kind::restart, beta}));
    EXPECT_EQ(type("\x1do"), (ConsoleAction{Kind::off, beta}));
    EXPECT_EQ(type("\x1dq"), (ConsoleAction{Kind::machine_off, beta}));
}

TEST_F(ConsoleInputTest, EscapeAloneAsksForNothing) {
    EXPECT_EQ(type("\x1d"), ConsoleAction{});
}

TEST_F(ConsoleInputTest, EscapeTwiceSendsOne) {
    EXPECT_EQ(type("\x1d\x1d"), (ConsoleAction{Kind::text, alpha, 0x1d}));
    EXPECT_EQ(type("h"), (ConsoleAction{Kind::text, alpha, 'h'}));
}

TEST_F(ConsoleInputTest, UnknownKeyGivesOneHelpLineAndNoText) {
    EXPECT_EQ(type("\x1dx"), ConsoleAction{});
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "mullion| no such key or guest; Ctrl-] h help\r\n");
    EXPECT_EQ(type("\x1d"
                   "3"),
              ConsoleAction{});
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "mullion| no such key or guest; Ctrl-] h help\r\n");
    EXPECT_EQ(console().focus(), alpha);
}

TEST_F(ConsoleInputTest, HelpListsKeysAndGuests) {
    type(
        "\x1d"
        "2");
    shown();
    EXPECT_EQ(type("\x1dh"), ConsoleAction{});
    drain();
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} +
                           "mullion| Ctrl-] then: 1..9 or n input to a guest, h help, s states and exits,\r\n"
                           "mullion|   r restart, o off (again: at once), z zoom (again: leave it), q machine off,\r\n"
                           "mullion|   b break, i interrupt by software event; Ctrl-] twice sends one\r\n"
                           "mullion|   1 alpha\r\n"
                           "mullion|   2 beta has the input\r\n");
}

TEST_F(ConsoleInputTest, KeysForAGuestNameTheOneThatHasTheInput) {
    type("\x1dn");
    for (const auto& [key, kind] : {std::pair{"\x1d"
                                              "b",
                                              Kind::line_break},
                                    {"\x1di", Kind::interrupt},
                                    {"\x1dr", Kind::restart},
                                    {"\x1do", Kind::off}}) {
        EXPECT_EQ(type(key), (ConsoleAction{kind, beta}));
    }
}

TEST_F(ConsoleInputTest, TenthGuestIsReachedByNextAlone) {
    start({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"});
    console().greet();
    drain();
    EXPECT_THAT(shown(), ::testing::HasSubstr("mullion|   9 i\r\nmullion|   - j\r\n"));
    type(
        "\x1d"
        "9");
    EXPECT_EQ(type("\x1dn"), (ConsoleAction{Kind::focus, 9}));
}

TEST_F(ConsoleInputTest, PromptOfTheGuestThatGetsTheInputComesToTheBottom) {
    say(beta, "b# ");
    wait(20);
    say(alpha, "a# ");
    wait(50);
    shown();
    type(
        "\x1d"
        "2");
    wait(20);
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "\r\nmullion| input to beta\r\nbeta   | b# ");
}

TEST_F(ConsoleInputTest, PromptThatIsAtTheBottomAlreadyComesAgainAfterTheMessage) {
    say(beta, "b# ");
    wait(20);
    shown();
    type(
        "\x1d"
        "2");
    wait(20);
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "\r\nmullion| input to beta\r\nbeta   | b# ");
    say(beta, "l");
    EXPECT_EQ(shown(), "l");
}

TEST_F(ConsoleInputTest, GuestWithoutAPromptLeavesTheBottomToTheOther) {
    say(alpha, "a# ");
    wait(20);
    shown();
    type(
        "\x1d"
        "2");
    wait(20);
    EXPECT_EQ(shown(), std::string{sequences::wrap_off} + "\r\nmullion| input to beta\r\nalpha  | a# ");
}

// --- what finds no room ---

TEST(InputQueueTest, KeepsFourKibibytesInOrder) {
    InputQueue queue;
    for (std::uint32_t round = 0; round < 3; ++round) {
        EXPECT_EQ(queue.room(), 4096u);
        for (std::uint32_t i = 0; i < 4096; ++i) {
            ASSERT_TRUE(queue.put(static_cast<std::uint8_t>(i)));
        }
        EXPECT_FALSE(queue.put('x'));
        EXPECT_TRUE(queue.put_behind(InputQueue::line_break));
        EXPECT_EQ(queue.room(), 0u);
        for (std::uint32_t i = 0; i < 4096; ++i) {
            ASSERT_EQ(queue.take(), static_cast<std::uint8_t>(i));
        }
        EXPECT_EQ(queue.take(), InputQueue::line_break);
        EXPECT_EQ(queue.take(), std::nullopt);
    }
}

class TypingTest : public ::testing::Test {
 protected:
    void fill() {
        while (queue.put('x')) {
        }
    }
    void read(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) {
            queue.take();
        }
    }

    InputQueue queue;
    Typing typing{1000};
};

TEST_F(TypingTest, FullQueueHoldsBytesBackForASecondInAll) {
    fill();
    EXPECT_FALSE(typing.may_read(queue, 5000));
    EXPECT_FALSE(typing.may_read(queue, 5999));
    EXPECT_EQ(typing.due(true, 5000), 5004u);
    read(1);
    EXPECT_TRUE(typing.may_read(queue, 5500));
    fill();
    EXPECT_FALSE(typing.may_read(queue, 5999));
    EXPECT_TRUE(typing.may_read(queue, 6000));  // and drops: Ctrl-] is heard
}

TEST_F(TypingTest, GuestThatReadsHalfOfItGetsASecondAgain) {
    fill();
    typing.may_read(queue, 5000);
    read(InputQueue::capacity / 2);
    EXPECT_TRUE(typing.may_read(queue, 9000));
    fill();
    EXPECT_FALSE(typing.may_read(queue, 9000));
    EXPECT_FALSE(typing.may_read(queue, 9999));
    EXPECT_TRUE(typing.may_read(queue, 10000));
}

TEST_F(TypingTest, AnotherGuestHasItsOwnSecond) {
    fill();
    typing.may_read(queue, 5000);
    typing.forget();
    EXPECT_FALSE(typing.may_read(queue, 6000));
}

TEST_F(TypingTest, DroppedBytesAreToldOnceASecond) {
    EXPECT_EQ(typing.take_dropped(0), std::nullopt);
    EXPECT_EQ(typing.due(false, 0), std::nullopt);
    typing.drop(100);
    typing.drop(900);
    EXPECT_EQ(typing.due(false, 900), 1100u);
    EXPECT_EQ(typing.take_dropped(1099), std::nullopt);
    EXPECT_EQ(typing.take_dropped(1100), 2u);
    EXPECT_EQ(typing.take_dropped(9999), std::nullopt);
}

}  // namespace
}  // namespace mullion
