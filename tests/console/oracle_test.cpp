// SPDX-License-Identifier: Apache-2.0
// Checks that guests' output cannot leave its lines, by a terminal (terminal.hpp) and by a reader of the stream.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacks.hpp"
#include "judge.hpp"
#include "vm/console_channel.hpp"
#include "world.hpp"

namespace mullion::console_test {
namespace {

using testing::IsEmpty;

class Oracle : public testing::TestWithParam<Judge::Terms> {
 protected:
    static constexpr std::uint64_t long_enough = 50'000;  ///< ticks for an unfinished line to come and to stay

    void TearDown() override {
        judge.finish();
        EXPECT_THAT(judge.complaints(), IsEmpty());
        EXPECT_EQ(judge.terminal().tab_stops(), Terminal(24, GetParam().columns).tab_stops());
        EXPECT_EQ(judge.terminal().interrogate(), usual_state());
    }

    /// Returns the state of a terminal on which guests have printed nothing.
    static std::string usual_state() {
        World quiet{GetParam().color};
        Judge fresh{quiet, GetParam()};
        fresh.finish();
        return fresh.terminal().interrogate();
    }

    /// Prints lines of others, and lets time pass, so that a guest that has moved others' lines on may do so again.
    void others_speak() {
        world.pass(World::ticks_per_second / 1000);
        judge.say_line(alpha, "while");
        judge.print_line("meanwhile");
        judge.say_line(gamma, "too");
    }

    World world{GetParam().color};
    Judge judge{world, GetParam()};
};

TEST_P(Oracle, AttacksInALine) {
    for (const auto& [kind, bytes] : attacks()) {
        judge.begin(kind);
        judge.say_line(beta, fmt::format("before{}βafter", bytes));
        others_speak();
        judge.say_line(beta, fmt::format("{}β", bytes));
        judge.say_line(beta, bytes);
        others_speak();
    }
}

/// Lets time pass after each byte of an attack, so that it is shown, and others' lines come between.
TEST_P(Oracle, AttacksInPieces) {
    for (const auto& [kind, bytes] : attacks()) {
        judge.begin(kind);
        world.say(beta, judge.label(beta));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            world.say(beta, bytes.substr(i, 1));
            world.pass(i % 2 == 0 ? long_enough : 0);
            judge.look();
            if (i % 7 == 0) {
                others_speak();
            }
        }
        world.pass(long_enough);
        world.say(beta, "βend\n");
        others_speak();
    }
}

/// Leaves the attack as an unfinished line for long, and then has other text or the guest's end follow.
TEST_P(Oracle, AttacksThatAreLeftAlone) {
    for (const auto& [kind, bytes] : attacks()) {
        judge.begin(kind);
        for (const bool first : {true, false}) {
            world.say(beta, fmt::format("{}{}", first ? "" : "β# ", bytes));
            world.pass(long_enough);
            others_speak();
            world.pass(long_enough);
            world.say(beta, "βmore\n");
            others_speak();
            world.say(beta, bytes);
            world.pass(long_enough);
            judge.end(beta);
            others_speak();
        }
    }
}

/// Attacks at the end of the row, where terminals wrap or note that they are to wrap.
TEST_P(Oracle, AttacksAtTheEdge) {
    for (const auto& [kind, bytes] : attacks()) {
        judge.begin(kind);
        for (int before_edge = -1; before_edge <= 3; ++before_edge) {
            const auto pad = static_cast<std::size_t>(GetParam().columns - 9 - before_edge);
            judge.say_line(beta, fmt::format("\r{}{}βafter", std::string(pad, '-'), bytes));
            world.say(beta, fmt::format("β{}{}", std::string(pad - 1, '-'), bytes));
            world.pass(long_enough);
            judge.look();
            judge.say_line(alpha, "while");
            judge.say_line(beta, "");
        }
    }
}

/// Attacks at the place where the console cuts a line of many bytes in two.
TEST_P(Oracle, AttacksWhereALineIsCut) {
    for (const auto& [kind, bytes] : attacks()) {
        judge.begin(kind);
        for (const std::size_t before_limit : {0, 1, 2, 5}) {
            world.say(beta, std::string(line_limit - before_limit, '-'));
            world.say(beta, bytes);
            others_speak();
            judge.say_line(beta, "β");
        }
    }
}

// --- zoom ----------------------------------------------------------------------------------------------------------

/// Ends zoom of alpha, which has the input: all that alpha has done to the terminal must be over then, strings and
/// characters that it left open, too.
TEST_P(Oracle, ZoomLeavesNothingBehind) {
    const auto usual = usual_state();
    for (const auto& [kind, bytes] : attacks()) {
        World own_world{GetParam().color};
        Judge own{own_world, GetParam()};
        own.begin(kind);
        own.say_line(beta, "");
        own_world.say(alpha, "prompt");
        own_world.pass(long_enough);
        own.zoom_in();
        own_world.say(alpha, "raw\r\n");
        own_world.say(alpha, bytes);
        own_world.pass(long_enough);
        own.say_line(gamma, "hidden");
        own.zoom_out();
        own_world.pass(long_enough);
        own.look();
        own.say_line(alpha, "tagged");
        own.say_line(beta, "tagged");
        own.print_line("tagged");
        own.finish();
        EXPECT_THAT(own.complaints(), IsEmpty());
        EXPECT_EQ(own.terminal().interrogate(), usual) << kind;
    }
}

std::string name_of(const testing::TestParamInfo<Judge::Terms>& terms) {
    return fmt::format("{}{}", terms.param.columns, terms.param.color ? "InColor" : "");
}

const std::vector<Judge::Terms> all_terms{{40, false}, {80, true}, {132, false}};
INSTANTIATE_TEST_SUITE_P(Columns, Oracle, testing::ValuesIn(all_terms), name_of);

}  // namespace
}  // namespace mullion::console_test
