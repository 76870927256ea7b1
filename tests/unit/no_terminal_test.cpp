// SPDX-License-Identifier: Apache-2.0
// A console without keys: what a description gets that leaves the terminal out.
#include "vm/no_terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_fixture.hpp"

namespace mullion {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NoTerminalTest : public ::testing::Test {
 protected:
    void say(std::size_t guest, std::string_view text) {
        for (const char c : text) {
            ASSERT_TRUE(channels_[guest].put(static_cast<std::uint8_t>(c)));
        }
        console.move_on(guest);
    }
    void rest() {
        uart_.time += 20;
        console.pump();
    }
    std::string shown() { return std::exchange(uart_.shown, {}); }

 private:
    /// Names the guests before the console is made, which looks at the names.
    Description describe() {
        guests_[0].name = "alpha";
        guests_[1].name = "beta";
        Description machine;
        machine.board.timebase_frequency = 1000;
        machine.guests = guests_;
        return machine;
    }

    std::array<Guest, 2> guests_;
    Description description_ = describe();
    FakeTerminal uart_;
    std::vector<OutputChannel> channels_{3};

 protected:
    Console<FakeTerminal, NoTerminal> console{uart_, description_, channels_};
};

TEST_F(NoTerminalTest, HasNoKeys) {
    console.greet();
    console.pump();
    EXPECT_THAT(shown(), Not(HasSubstr("Ctrl-]"))) << "nor speaks of them";
    for (const std::uint8_t byte : {0x1d, int{'2'}, 0x1d, int{'z'}, 0x1d, int{'q'}}) {
        const ConsoleAction text{ConsoleAction::Kind::text, 0, byte};
        EXPECT_EQ(console.input(byte), text) << int{byte};
    }
    EXPECT_EQ(console.focus(), 0U);
}

TEST_F(NoTerminalTest, TellsTheTerminalItsModesAndGivesItBack) {
    console.greet();
    console.pump();
    EXPECT_THAT(shown(), HasSubstr(sequences::wrap_off));
    console.leave_terminal();
    EXPECT_FALSE(console.is_idle());
    console.pump();
    EXPECT_THAT(shown(), HasSubstr(sequences::wrap_on));
    EXPECT_TRUE(console.is_idle());
}

TEST_F(NoTerminalTest, DrawsAnInterruptedLineAgainOnceThereIsMoreOfIt) {
    say(0, "login: ");
    rest();
    EXPECT_EQ(shown(), "alpha  | login: ");
    say(1, "ready\n");
    rest();
    EXPECT_EQ(shown(), "\r\nbeta   | ready\r\n") << "and nothing more";
    say(0, "root\n");
    rest();
    EXPECT_EQ(shown(), "alpha  | login: root\r\n");
}

}  // namespace
}  // namespace mullion
