// SPDX-License-Identifier: Apache-2.0
#include "core/check_interrupts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<std::uint32_t, 2> two_harts{0, 1};

/// Two guests: alpha has source 11, and beta, which is looked at, none yet.
class CheckInterrupts : public testing::Test {
 protected:
    CheckInterrupts() {
        board.uart.source = 10;
        board.aplic = {{0xd00'0000}, 0x8000, 96};
        board.imsic = {{0x2800'0000}, 0x8000, 1, 255};
        beta.harts = two_harts;
        beta.uart = {{0x1000'0000}, 0x100, 0, 10};
        beta.aplic = {{0xd00'0000}, 0x8000, 96};
    }

    std::vector<Finding> findings() {
        alpha.sources = alphas;
        beta.sources = betas;
        const std::array guests{alpha, beta};
        const Description d{.name = "test", .board = board, .guests = guests, .images = {}};
        std::vector<Finding> all;
        const auto add = [&](const Finding& finding) { all.push_back(finding); };
        law::InterruptCheck{d, 1, add}.all();
        return all;
    }

    static Finding of_beta(Rule rule, std::uint32_t item = 0, std::uint32_t other_guest = 0, std::uint32_t other = 0) {
        return {rule, 1, item, other_guest, other};
    }

    /// Board and guest have PLICs in place of the AIA.
    void take_aia() {
        board.imsic = {};
        board.aplic = {};
        board.plic = {{0xc00'0000}, 0x40'0000, 95};
        beta.aplic = {};
        beta.plic = {{0xc00'0000}, 0x20'4000, 96};
    }

    Board board;
    Guest alpha;
    Guest beta;
    std::vector<Source> alphas{{11}};
    std::vector<Source> betas;
};

TEST_F(CheckInterrupts, FindsNothingInWhatIsLawful) {
    EXPECT_THAT(findings(), IsEmpty());
    take_aia();
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckInterrupts, WantsTheControllerThatGoesWithTheBoard) {
    beta.plic = {{0xc00'0000}, 0x40'0000, 96};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "both";
    beta.aplic = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "a PLIC before interrupt files";
    take_aia();
    beta.aplic = {{0xd00'0000}, 0x8000, 96};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "both";
    beta.plic = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "an APLIC without them";
    board.aplic = {{0xd00'0000}, 0x8000, 96};
    board.plic = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "nor with the board's own alone";
}

TEST_F(CheckInterrupts, WantsAContextForEachHart) {
    take_aia();
    beta.plic.size -= 1;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::contexts_outside_plic)));
}

TEST_F(CheckInterrupts, WantsAControllerThatCanBe) {
    for (const auto sources : {aplic_max_source + 1, beta.uart.source - 1, 0U}) {
        beta.aplic.num_sources = sources;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::too_many_sources))) << sources;
    }
    take_aia();
    beta.plic.num_sources = beta.uart.source - 1;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::too_many_sources)));
}

TEST_F(CheckInterrupts, WantsSourcesThatExist) {
    for (const std::uint32_t source : {0U, 97U}) {
        betas = {{source}};
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_invalid, 0))) << source;
    }
    beta.aplic.num_sources = 97;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_invalid, 0))) << "the board's has 96";
    take_aia();
    betas = {{95}, {96}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_invalid, 1))) << "the board's has 95";
}

TEST_F(CheckInterrupts, KeepsTheUartsSource) {
    betas = {{10}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_is_uarts, 0)));
}

TEST_F(CheckInterrupts, GivesASourceOnce) {
    betas = {{12}, {11, SourceMode::edge1}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_taken, 1, 0, 0)));
    betas = {{12}, {12}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_taken, 1, 1, 0)));
}

TEST_F(CheckInterrupts, WantsAnInterruptOfTheWatchdogsOwn) {
    betas = {{12}};
    beta.watchdog = {{0x1000'1000}, 0x20, 11};
    EXPECT_THAT(findings(), IsEmpty()) << "no device of this guest";
    for (const std::uint32_t source : {0U, 10U, 12U, 97U}) {
        beta.watchdog.source = source;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::watchdog_source_invalid))) << source;
    }
}

}  // namespace
}  // namespace mullion
