// SPDX-License-Identifier: Apache-2.0
#include "core/check_interrupts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace mullion {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<std::uint32_t, 2> two_harts{0, 1};
constexpr VirtualDevice aplic{DeviceKind::aplic, {0xd00'0000}, 0x8000, 0, 96};
constexpr VirtualDevice plic{DeviceKind::plic, {0xc00'0000}, 0x20'4000, 0, 96};
constexpr VirtualDevice uart{DeviceKind::uart16550, {0x1000'0000}, 0x100, 10};

/// Describes two guests: alpha has source 11; beta, whose findings the tests read, has none yet.
class CheckInterrupts : public testing::Test {
 protected:
    CheckInterrupts() {
        board.console.source = 10;
        board.aplic = {{0xd00'0000}, 0x8000, 96};
        board.imsic = {{0x2800'0000}, 0x8000, 1, 255};
        beta.harts = two_harts;
    }

    std::vector<Finding> findings() {
        alpha.sources = alphas;
        beta.sources = betas;
        beta.devices = devices;
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
        devices = {plic, uart};
    }

    Board board;
    Guest alpha;
    Guest beta;
    std::vector<Source> alphas{{11}};
    std::vector<Source> betas;
    std::vector<VirtualDevice> devices{aplic, uart};
};

TEST_F(CheckInterrupts, FindsNothingInWhatIsLawful) {
    EXPECT_THAT(findings(), IsEmpty());
    take_aia();
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckInterrupts, WantsTheControllerThatGoesWithTheBoard) {
    devices = {aplic, uart, plic};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "both";
    devices = {plic, uart};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "a PLIC before interrupt files";
    take_aia();
    devices = {plic, uart, aplic};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "both";
    devices = {aplic, uart};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "an APLIC without them";
    board.aplic = {{0xd00'0000}, 0x8000, 96};
    board.plic = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::wrong_controller))) << "nor with the board's own alone";
}

TEST_F(CheckInterrupts, WantsAContextForEachHart) {
    take_aia();
    devices[0].size -= 1;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::contexts_outside_plic)));
}

TEST_F(CheckInterrupts, WantsAControllerThatCanBe) {
    for (const auto sources : {max_source + 1, 0U}) {
        devices[0].parameter = sources;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::too_many_sources))) << sources;
    }
}

TEST_F(CheckInterrupts, WantsSourcesThatExist) {
    for (const std::uint32_t source : {0U, 97U}) {
        betas = {{source}};
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_invalid, 0))) << source;
    }
    devices[0].parameter = 97;
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

TEST_F(CheckInterrupts, WantsAnInterruptOfEachEmulatedDevicesOwn) {
    betas = {{12}};
    devices.push_back({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11});
    EXPECT_THAT(findings(), IsEmpty()) << "no device of this guest";
    for (const std::uint32_t source : {0U, 10U, 12U, 97U}) {
        devices[2].source = source;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_source_invalid, 2))) << source;
    }
    devices.pop_back();
    for (const std::uint32_t source : {0U, 97U}) {
        devices[1].source = source;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_source_invalid, 1))) << source;
    }
    take_aia();
    devices[0].parameter = 9;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::virtual_source_invalid, 1))) << "the controller has fewer";
}

}  // namespace
}  // namespace mullion
