// SPDX-License-Identifier: Apache-2.0
#include "vm/exit_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;

constexpr std::string_view widest_tag = "twelve-chars| ";
constexpr std::string_view indent = "   ";

class ExitLines : public testing::Test {
 protected:
    ExitLines() { guest.name = "twelve-chars"; }

    std::vector<std::string> lines() const {
        std::vector<std::string> printed;
        print_exits(harts[0], [&](std::string_view line) { printed.emplace_back(line); });
        return printed;
    }
    void count(Exit cause, std::uint64_t times) { harts[0].exits[static_cast<std::size_t>(cause)] = times; }

    Guest guest{};
    std::array<VCpu, 1> harts{VCpu{guest, harts, 127, HartId{0}}};
};

TEST_F(ExitLines, AreOneIfTheHartHasNotLeft) {
    EXPECT_THAT(lines(), ElementsAre("  twelve-chars hart 127 exits: none"));
}

TEST_F(ExitLines, NameEachCauseThatOccurred) {
    count(Exit::sbi_base, 21);
    count(Exit::access, 1);
    EXPECT_THAT(lines(), ElementsAre("  twelve-chars hart 127 exits: sbi base 21, mmio aplic 1"));
}

TEST_F(ExitLines, GoOnBehindAComma) {
    guest.name = "beta";
    count(Exit::sbi_base, 21);
    count(Exit::sbi_hsm, 1);
    count(Exit::sbi_srst, 1);
    count(Exit::sbi_pmu, 87);
    count(Exit::external_interrupt, 5);
    EXPECT_THAT(lines(), ElementsAre("  beta hart 127 exits: sbi base 21, sbi hsm 1, sbi srst 1,",
                                     "    sbi pmu 87, external interrupt 5"));
}

/// Fills lines to each length: none is wider than 80 columns with its tag, and the next item would not have fitted.
TEST_F(ExitLines, AreAsLongAsATerminalIsWide) {
    for (const auto name : {"a", "seven--", "twelve-chars"}) {
        guest.name = name;
        for (std::uint64_t most = 1; most < 1'000'000'000'000; most *= 10) {
            for (std::size_t i = 0; i < exit_causes; ++i) {
                count(static_cast<Exit>(i), most);
            }
            const auto all = lines();
            for (std::size_t i = 0; i < all.size(); ++i) {
                EXPECT_LE(widest_tag.size() + all[i].size(), 80U) << all[i];
                if (i + 1 < all.size()) {
                    const auto item = all[i + 1].substr(indent.size(), all[i + 1].find(',') - indent.size()) + ',';
                    EXPECT_GT(widest_tag.size() + all[i].size() + item.size(), 80U) << all[i] << item;
                    EXPECT_EQ(all[i].back(), ',');
                }
            }
        }
    }
}

}  // namespace
}  // namespace mullion
