// SPDX-License-Identifier: Apache-2.0
// Checks that each shown line is one guest's next line, or begins it, whatever the guests, the clock and the UART do.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

#include "console_fixture.hpp"
#include "vm/console.hpp"

namespace mullion {
namespace {

constexpr std::array<std::string_view, 3> tags{"alpha  | ", "beta   | ", "gamma  | "};

class ConsoleInterleavingTest : public ConsoleFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
    void SetUp() override { start({"alpha", "beta", "gamma"}); }

    unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>{0, limit - 1}(random); }

    /// Returns line number `index` of a guest. Its only dot is its end.
    static std::string line(std::size_t guest, unsigned index) {
        return std::to_string(index) + std::string(index * 37 % 150, static_cast<char>('a' + guest)) + ".";
    }

    /// Makes one guest write some bytes; then perhaps lets time pass, and stops the UART or lets it go on.
    void step() {
        const auto guest = below(3);
        for (auto bytes = below(120); bytes > 0 && channel(guest).room() >= end_of_line; --bytes) {
            if (left[guest].empty()) {
                left[guest] = line(guest, said[guest]++) + "\r\n";
            }
            // The dot and the newline are written at once, so that a row with a dot is a whole line.
            const auto count = left[guest].size() == end_of_line ? end_of_line : 1;
            queue(guest, left[guest].substr(0, count));
            left[guest].erase(0, count);
            if (below(4) == 0) {
                console().pump();
            }
        }
        console().pump();
        if (below(3) == 0) {
            wait(below(30));
        }
        terminal.accepted = below(3) == 0 ? below(40) : SIZE_MAX;
    }

    void finish() {
        terminal.accepted = SIZE_MAX;
        drain();
        for (std::size_t guest = 0; guest < tags.size(); ++guest) {
            queue(guest, left[guest]);
        }
        drain();
    }

    static constexpr std::size_t end_of_line = 3;

    std::mt19937 random{GetParam()};
    std::array<std::string, 3> left;
    std::array<unsigned, 3> said{};
};

TEST_P(ConsoleInterleavingTest, EveryLineIsShownWholeOnceAndInOrder) {
    for (int i = 0; i < 2000; ++i) {
        step();
    }
    finish();
    std::array<unsigned, 3> seen{};
    std::string_view text = terminal.shown;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        ASSERT_NE(end, text.npos) << text;
        const auto row = text.substr(0, end);
        text.remove_prefix(end + 2);
        const auto tag = std::ranges::find_if(tags, [&](auto candidate) { return row.starts_with(candidate); });
        ASSERT_NE(tag, tags.end()) << row;
        const auto guest = static_cast<std::size_t>(tag - tags.begin());
        const auto said_text = row.substr(tag->size());
        const auto expected = line(guest, seen[guest]);
        ASSERT_TRUE(expected.starts_with(said_text)) << row << "\nnot the beginning of\n" << expected;
        seen[guest] += said_text.ends_with('.') ? 1 : 0;
    }
    EXPECT_EQ(seen, said);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ConsoleInterleavingTest, ::testing::Range(1u, 5u));

}  // namespace
}  // namespace mullion
