// SPDX-License-Identifier: Apache-2.0
// Tests that lines come in turn, and that nothing is sent for ever, whatever guests print and whatever the UART does.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge.hpp"
#include "world.hpp"

namespace mullion::console_test {
namespace {

using testing::IsEmpty;
using namespace std::string_view_literals;

constexpr std::uint64_t millisecond = World::ticks_per_second / 1000;
constexpr std::uint64_t at_115200_baud = World::ticks_per_second / 11'520;

/// Lists what a guest may write without an end: text, what is no text, and what keeps something open.
constexpr std::array pieces{"x"sv,       "\r"sv,           "\0"sv,           "\b"sv,       "\t"sv,      "\x1b"sv,
                            "\x07"sv,    "\xc3"sv,         "\xe6"sv,         "\xe6\xbc"sv, "\x80"sv,    "\xff"sv,
                            "\x1b["sv,   "\x1b[3"sv,       "\x1b]"sv,        "\x1bP"sv,    "\x1b_"sv,   "\x1b[1m"sv,
                            "\x1b[9D"sv, "\x1b[K"sv,       "\r\x1b[K"sv,     "\xc2\x9d"sv, "\x1b[6n"sv, "x\r"sv,
                            "\x1b[2K"sv, "\xe6\xbc\xa2"sv, "\x1b[7m\x1b[m"sv};

struct Turns : testing::Test {
    void TearDown() override {
        judge.finish();
        EXPECT_THAT(judge.complaints(), IsEmpty());
    }
    World world{false};
    Judge judge{world, {}};
};

/// Repeats a piece as often as a line or a ring may have bytes, or one more or less; then writes nothing more.
TEST(TurnsAround, LengthsOfALineThatDoesNotEnd) {
    for (const auto piece : pieces) {
        for (const std::size_t length : {1, 1022, 1023, 1024, 1025, 1026, 2047, 2048, 2049, 16383, 16384, 16385}) {
            World world{length % 2 == 0};
            Judge judge{world, {.color = length % 2 == 0}};
            judge.begin(fmt::format("{} bytes of {:02x}", length,
                                    fmt::join(std::vector<unsigned char>(piece.begin(), piece.end()), " ")));
            std::string text;
            while (text.size() < length) {
                text += piece;
            }
            world.say(beta, text.substr(0, length));
            for (int i = 0; i < 3; ++i) {
                judge.say_line(alpha, "goes on");
                judge.print_line("goes on");
                world.pass(30 * millisecond);
                judge.look();
                judge.say_line(gamma, "goes on");
            }
            judge.finish();
            EXPECT_THAT(judge.complaints(), IsEmpty());
        }
    }
}

/// Types keys, for which the terminal is told its mode anew, in the middle of whatever is being sent.
TEST(TurnsAround, KeysAtAnyPlaceOfALine) {
    for (std::uint64_t ticks = 0; ticks < 64; ++ticks) {
        World world{false};
        Judge judge{world, {}};
        judge.begin(fmt::format("a key {} bytes after", ticks));
        ASSERT_TRUE(world.settle());
        world.uart.set_pace(1);
        judge.say_line(beta, "β is cut");
        world.pass(ticks);
        judge.press('?');
        judge.finish();
        EXPECT_EQ(judge.lines_seen(), 1u);
        EXPECT_THAT(judge.complaints(), IsEmpty());
    }
}

/// Writes a piece each millisecond, so that the line always seems about to end and never does. Others must not wait for
/// it, in bytes or in time.
TEST(TurnsAround, HoldsThatAreRenewed) {
    for (const auto piece : pieces) {
        for (const std::uint64_t pace : {std::uint64_t{0}, at_115200_baud}) {
            World world{false};
            Judge judge{world, {}};
            judge.begin(fmt::format("{:02x} each millisecond",
                                    fmt::join(std::vector<unsigned char>(piece.begin(), piece.end()), " ")));
            world.uart.set_pace(pace);
            for (int i = 0; i < 300; ++i) {
                world.say(beta, piece);
                if (i % 100 == 50) {
                    judge.say_line(alpha, "goes on");
                }
                world.pass(millisecond);
                judge.look();
                if (i % 100 == 99 && pace == 0) {
                    EXPECT_THAT(judge.waiting(), IsEmpty()) << "50 ms after it was complete";
                }
            }
            judge.finish();
            EXPECT_THAT(judge.complaints(), IsEmpty());
        }
    }
}

/// Holds a complete line to the stated time (docs/interface.md) while the UART takes bytes, whatever others write
/// meanwhile.
TEST(TurnsAround, TimeOfALineBesideFloods) {
    constexpr std::uint64_t turn = 6 * millisecond;
    for (const auto piece : pieces) {
        World world{false};
        Judge judge{world, {}};
        judge.begin(
            fmt::format("floods of {:02x}", fmt::join(std::vector<unsigned char>(piece.begin(), piece.end()), " ")));
        std::string flood;
        while (flood.size() < 40'000) {
            flood += piece;
        }
        world.say(beta, flood);
        world.say(gamma, flood);
        for (int i = 0; i < 3; ++i) {
            judge.say_line(alpha, "goes on");
            world.pass(2 * (guest_count + 1) * turn);
            judge.look();
            EXPECT_THAT(judge.waiting(), IsEmpty());
        }
        judge.finish();
        EXPECT_THAT(judge.complaints(), IsEmpty());
    }
}

TEST_F(Turns, OfThreeThatFloodASlowLineThatSticks) {
    world.uart.set_pace(at_115200_baud);
    for (int i = 0; i < 300; ++i) {
        for (const auto guest : {alpha, beta, gamma}) {
            judge.say_line(guest, std::string(static_cast<std::size_t>(i) * 37 % 1500, 'x'));
        }
        if (i % 20 == 0) {
            judge.print_line("goes on");
            world.uart.stall(5 * World::ticks_per_second);
        }
        world.pass(20 * millisecond);
        judge.look();
    }
}

/// Has one guest print little and another much: a line of the first does not wait for all of the other's.
TEST_F(Turns, OfOneThatPrintsLittleBesideFloods) {
    world.uart.set_pace(at_115200_baud);
    std::string flood;
    for (int i = 0; i < 2000; ++i) {
        flood += "flood\n";
    }
    world.say(beta, flood + std::string(40'000, '\r') + flood);
    world.say(gamma, std::string(60'000, 'x'));
    for (int i = 0; i < 30; ++i) {
        judge.say_line(alpha, "goes on");
        world.pass(World::ticks_per_second);
        judge.look();
    }
}

/// Has a guest restart without end on a slow line: few notices are told and the others counted, and an answer to a key
/// comes.
TEST_F(Turns, OfAnswersBesideNoticesWithoutEnd) {
    constexpr int notices = 5000;
    world.uart.set_pace(at_115200_baud);
    for (int i = 0; i < notices; ++i) {
        world.tell(beta, "beta reboots");
        if (i % 500 == 250) {
            for (int line = 0; line < 10; ++line) {
                judge.print_line("beta: running");
            }
        }
        world.pass(2 * millisecond);
        judge.look();
    }
    judge.finish();
    int told = 0;
    const std::string_view sent = world.sent();
    for (auto at = sent.find("mullion| "); at != sent.npos; at = sent.find("mullion| ", at + 1)) {
        const auto line = sent.substr(at + 9, sent.find('\r', at) - at - 9);
        const auto more = line.find(" more lines about beta");
        told += line == "beta reboots" ? 1 : more != line.npos ? std::stoi(std::string{line.substr(0, more)}) : 0;
    }
    EXPECT_EQ(told, notices);
}

/// Expects a prompt within 20 ms, and redrawn below what others say after that.
TEST_F(Turns, OfAPromptAtTheBottom) {
    world.say(alpha, "~ # ");
    world.pass(20 * millisecond);
    judge.look();
    EXPECT_EQ(text_of(judge.terminal().cursor_row()), "alpha  | ~ # ");
    judge.say_line(beta, "news");
    world.pass(20 * millisecond);
    judge.look();
    EXPECT_EQ(text_of(judge.terminal().cursor_row()), "alpha  | ~ # ");
}

/// Gives lines that a guest has left at its end no more turns than others.
TEST_F(Turns, OfWhatIsLeftOfAGuestThatIsOff) {
    world.uart.set_pace(at_115200_baud);
    for (int i = 0; i < 100; ++i) {
        judge.say_line(beta, "last words");
    }
    world.say(beta, "not finished");
    judge.end(beta);
    world.pass(10 * World::ticks_per_second);
    judge.look();
    EXPECT_NE(world.sent().find("beta   | not finished\r\n"), std::string::npos);
}

}  // namespace
}  // namespace mullion::console_test
