// SPDX-License-Identifier: Apache-2.0
// Tests whose turn it is, when an owner comes back, and what finds room, whatever guests write and however slow the
// UART is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "console_fixture.hpp"
#include "rooms/terminal.hpp"
#include "vm/console.hpp"

namespace mullion {
namespace {

class ConsoleTurnsTest : public ConsoleFixture {};

// --- turns ---

/// Makes beta write `text`; then alpha's line must be out, and beta silent, within what one turn of each may send.
class ConsoleStreamTest : public ConsoleFixture, public ::testing::WithParamInterface<std::string> {};

TEST_P(ConsoleStreamTest, LineOfAnotherComesWhateverWasWritten) {
    queue(beta, GetParam());
    drain();
    wait(50);
    shown();
    queue(alpha, "here\n");
    drain();
    EXPECT_THAT(shown(), ::testing::HasSubstr("alpha  | here\r\n"));
    wait(1000);
    EXPECT_LE(shown().size(), Screen::longest_turn);
    EXPECT_EQ(deadline(), std::nullopt);
    EXPECT_TRUE(console().is_idle());
}

TEST_P(ConsoleStreamTest, LineBehindItComesWithinATurnOfEach) {
    queue(beta, GetParam() + GetParam());
    console().pump();
    queue(alpha, "here\n");
    shown();
    drain();
    EXPECT_LT(shown().find("alpha  | here\r\n"), 2 * Screen::longest_turn);
}

INSTANTIATE_TEST_SUITE_P(Streams, ConsoleStreamTest,
                         ::testing::Values(std::string(1023, 'x'), std::string(1024, 'x'), std::string(1025, 'x'),
                                           std::string(2048, 'x'), std::string(1024, '\r'), std::string(1025, '\r'),
                                           std::string(8000, '\r'), std::string(8000, '\0'), std::string(8000, '\b'),
                                           std::string(8000, '\t'), std::string(8000, '\x1b'),
                                           std::string(8000, '\xe2'), "\x1b]" + std::string(8000, 'x'),
                                           "\x1b[" + std::string(8000, '1'), std::string(1023, 'x') + "\r",
                                           std::string(1024, 'x') + "\r\r"));

TEST_F(ConsoleTurnsTest, CarriageReturnsOneByOneHoldNobodyUp) {
    say(beta, "x");
    for (int i = 0; i < 50; ++i) {
        say(beta, "\r");
        wait(1);
    }
    shown();
    say(alpha, "here\n");
    EXPECT_THAT(shown(), ::testing::EndsWith("alpha  | here\r\n"));
}

TEST_F(ConsoleTurnsTest, UnfinishedLinesOfTwoOthersComeToRest) {
    start({"alpha", "beta", "gamma"});
    say(beta, "b# ");
    wait(20);
    say(gamma, "c# ");
    wait(1000);
    EXPECT_EQ(shown(), "beta   | b# \r\ngamma  | c# ");
    EXPECT_EQ(deadline(), std::nullopt);
}

// --- Mullion's own lines ---

TEST_F(ConsoleTurnsTest, RepeatedNoticesAboutAGuestAreCounted) {
    terminal.accepted = 0;
    int told = 0;
    for (int i = 0; i < 100; ++i) {
        if (console().tell(beta, "beta reboots")) {
            ++told;
        } else {
            console().leave_out(beta);
        }
    }
    EXPECT_TRUE(console().tell(alpha, "alpha starts"));
    console().print("an answer");
    terminal.accepted = SIZE_MAX;
    drain();
    const auto text = shown();
    EXPECT_LE(told * 13u, OwnLines::notices_of_one);
    EXPECT_THAT(text, ::testing::HasSubstr("mullion| alpha starts\r\nmullion| an answer\r\n"));
    EXPECT_THAT(text, ::testing::EndsWith("mullion| " + std::to_string(100 - told) + " more lines about beta\r\n"));
    EXPECT_TRUE(console().tell(beta, "beta reboots"));
}

TEST_F(ConsoleTurnsTest, NoticesLeaveRoomForAnswers) {
    std::vector<std::string_view> names(40, "guest");
    start(names);
    terminal.accepted = 0;
    for (std::size_t guest = 0; guest < names.size(); ++guest) {
        while (console().tell(guest, "guest reboots")) {
        }
    }
    EXPECT_GE(channel(names.size()).room(), OwnLines::answers);
}

// --- slow and full ---

TEST_F(ConsoleTurnsTest, IdleMeansThatEverythingIsOut) {
    EXPECT_TRUE(console().is_idle());
    queue(alpha, "a\n");
    EXPECT_FALSE(console().is_idle());
    terminal.accepted = 3;
    console().pump();
    EXPECT_FALSE(console().is_idle());
    terminal.accepted = SIZE_MAX;
    console().pump();
    EXPECT_TRUE(console().is_idle());
    say(alpha, "~ # ");
    EXPECT_FALSE(console().is_idle());
    wait(20);
    EXPECT_TRUE(console().is_idle());
}

TEST_F(ConsoleTurnsTest, SlowUartGetsEveryByteInOrder) {
    terminal.accepted = 0;
    say(alpha, "hello\n");
    say(beta, "world\n");
    EXPECT_FALSE(console().is_idle());
    for (int i = 0; i < 100 && !console().is_idle(); ++i) {
        terminal.accepted = i % 3;
        console().pump();
    }
    EXPECT_TRUE(console().is_idle());
    EXPECT_EQ(shown(), "alpha  | hello\r\nbeta   | world\r\n");
}

/// Sends a byte in 8 ms, as at 1,200 baud. Ending an unfinished line then takes longer than the console waits for that
/// line to go on. It must not be redrawn before the other guest's line, for which it was ended.
TEST_F(ConsoleTurnsTest, LineComesOnASlowLineWhoeverHasAnUnfinishedOne) {
    for (const auto owner : {alpha, beta}) {
        restart();
        terminal.accepted = SIZE_MAX;
        say(owner, std::string(100, 'x'));
        wait(50);
        shown();
        terminal.accepted = 0;
        say(alpha + beta - owner, "here\n");
        for (int bytes = 0; bytes < 40; ++bytes) {
            terminal.accepted = 1;
            terminal.time += 8;
            console().pump();
        }
        EXPECT_THAT(shown(), ::testing::HasSubstr("| here\r\n"));
    }
}

TEST_F(ConsoleTurnsTest, OnePumpSendsABoundedNumberOfBytes) {
    for (int i = 0; i < 100; ++i) {
        queue(alpha, "0123456789\n");
    }
    console().pump();
    EXPECT_LE(shown().size(), TestedConsole::pump_limit);
    EXPECT_FALSE(console().is_idle());
    drain();
    EXPECT_TRUE(console().is_idle());
}

TEST_F(ConsoleTurnsTest, BytesThatShowNothingAreBoundedToo) {
    queue(alpha, std::string(2000, '\0'));
    console().pump();
    EXPECT_FALSE(console().is_idle());
    EXPECT_FALSE(console().is_idle());
}

/// Bounds the bytes that a guest moves for others, however often it prints: one pump's, and those of each 0.5 ms.
TEST_F(ConsoleTurnsTest, BytesThatOneMovesForOthersAreBoundedInATimeToo) {
    description().board.timebase_frequency = 1'000'000;
    restart();
    constexpr std::string_view flood = "0123456789abcdef0123456789abcdef\n";
    std::size_t own = 0;
    for (terminal.time = 0; terminal.time < 10'000; ++terminal.time) {
        while (channel(beta).room() > flood.size()) {
            queue(beta, flood);
        }
        if (terminal.time % 100 == 0) {
            queue(alpha, "x\n");
            ++own;
        }
        ASSERT_LE(console().move_on(alpha).value_or(0), terminal.time + 500);
    }
    const auto text = shown();
    const auto lines = [&text](std::string_view tag) {
        std::size_t count = 0;
        for (auto at = text.find(tag); at != text.npos; at = text.find(tag, at + 1)) {
            ++count;
        }
        return count;
    };
    // No guest is charged for the end of a line and the choice of the next one.
    EXPECT_LE(lines("beta   | ") * (flood.size() + 8), 21 * TestedConsole::pump_limit);
    EXPECT_GE(lines("beta   | "), lines("alpha  | ") - 1);
    EXPECT_GE(lines("alpha  | "), own - 10);
}

TEST_F(ConsoleTurnsTest, WhoPrintsAloneDoesNotRest) {
    description().board.timebase_frequency = 1'000'000;
    restart();
    for (int i = 0; i < 100; ++i) {
        queue(alpha, "hello, world\n");
        console().move_on(alpha);
        ASSERT_EQ(shown(), "alpha  | hello, world\r\n");
    }
}

TEST_F(ConsoleTurnsTest, DeadUartIsLookedAtLessAndLess) {
    description().board.timebase_frequency = 1'000'000;
    restart();
    terminal.accepted = 0;
    queue(alpha, "hello, world\n");
    console().pump();
    unsigned looks = 0;
    for (const auto end = terminal.time + 1'000'000; terminal.time < end; ++looks) {
        ASSERT_GT(*console().deadline(alpha), terminal.time);
        terminal.time = *console().deadline(alpha);
        console().pump();
    }
    EXPECT_LE(looks, 300u);
    terminal.accepted = 16;
    console().pump();
    EXPECT_EQ(*console().deadline(alpha) - terminal.time, 500u);
}

TEST_F(ConsoleTurnsTest, NobodyComesBackForANeighboursOutput) {
    terminal.accepted = 0;
    queue(beta, "hello\nworld\n");
    say(alpha, "x");
    terminal.accepted = 16;
    console().pump();  // beta's first line
    terminal.accepted = 0;
    EXPECT_FALSE(console().is_idle());
    EXPECT_TRUE(console().deadline(beta).has_value());
}

TEST_F(ConsoleTurnsTest, FullChannelRefusesAndOffersRoomAgain) {
    terminal.accepted = 0;
    const std::string line(99, 'x');
    std::size_t taken = 0;
    while (channel(alpha).room() > 0) {
        taken += say(alpha, line + "\n");
    }
    EXPECT_EQ(taken, OutputChannel::capacity);
    EXPECT_FALSE(channel(alpha).put('y'));
    terminal.accepted = 1000;
    for (int i = 0; i < 10; ++i) {
        console().pump();
    }
    EXPECT_TRUE(terminal.room_offered.empty());  // not for a few bytes
    terminal.accepted = SIZE_MAX;
    drain();
    EXPECT_EQ(terminal.room_offered, std::vector<std::size_t>{alpha});
    EXPECT_TRUE(channel(alpha).put('y'));
}

TEST_F(ConsoleTurnsTest, FullChannelOfOneGuestIsNotTheOthersBusiness) {
    terminal.accepted = 0;
    for (std::size_t i = 0; i < OutputChannel::capacity; ++i) {
        say(alpha, "\n");
    }
    EXPECT_EQ(channel(alpha).room(), 0u);
    EXPECT_EQ(channel(beta).room(), OutputChannel::capacity);
}

TEST_F(ConsoleTurnsTest, OwnLinesWithoutRoomAreDroppedWholeAndCounted) {
    terminal.accepted = 0;
    const std::string line(1022, 'x');
    for (int i = 0; i < 18; ++i) {
        console().print(line);
    }
    terminal.accepted = SIZE_MAX;
    drain();
    const auto text = shown();
    EXPECT_TRUE(text.starts_with("mullion| 2 lines dropped of mullion\r\nmullion| xxx"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 17);
}

}  // namespace
}  // namespace mullion
