// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check_fixture.hpp"
#include "core/check.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Gpa channel_at{1ULL << 40};
constexpr HostRange bell{{0xb000'0000}, 0x1'0000};

/// alpha may write to a channel, and beta reads it.
class CheckChannels : public CheckTest {
 protected:
    CheckChannels() {
        channels = {{"bell", bell}};
        alpha.windows.push_back({channel_at, bell.base, bell.size, Rights::rw, WindowKind::channel});
        beta.windows.push_back({channel_at, bell.base, bell.size, Rights::r, WindowKind::channel});
    }

    Window& betas() { return beta.windows.back(); }

    static Finding of_channel(Rule rule, std::uint32_t item = 0, std::uint32_t other = 0) {
        return {rule, Finding::board, item, 0, other};
    }
};

/// The firmware's row in the list of what is kept (core/kept.hpp).
constexpr std::uint32_t firmware = 2;
/// Where beta's window of the channel is in its list, and alpha's.
constexpr std::uint32_t last_of_beta = 3;
constexpr std::uint32_t last_of_alpha = 4;
const Finding shared{Rule::host_shared, 1, last_of_beta, 0, last_of_alpha};

TEST_F(CheckChannels, LetTwoGuestsShareExactlyTheirPages) {
    EXPECT_THAT(findings(), IsEmpty());
    betas().at = betas().at + gibi;
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckChannels, RefuseAPageMoreOrLess) {
    betas().size += page_size;
    EXPECT_THAT(findings(),
                ElementsAre(of_channel(Rule::channel_alone), of_beta(Rule::window_no_channel, last_of_beta), shared));
    betas().size -= 2 * page_size;
    EXPECT_THAT(findings(),
                ElementsAre(of_channel(Rule::channel_alone), of_beta(Rule::window_no_channel, last_of_beta), shared));
}

TEST_F(CheckChannels, RefuseAPageBesideIt) {
    betas().to = betas().to + page_size;
    EXPECT_THAT(findings(), Contains(of_beta(Rule::window_no_channel, last_of_beta)));
    EXPECT_THAT(findings(), Contains(shared));
}

TEST_F(CheckChannels, RefuseToExecute) {
    for (const auto rights : {Rights::rx, Rights::rwx}) {
        betas().rights = rights;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::channel_executable, last_of_beta)));
    }
}

TEST_F(CheckChannels, AreNoMemoryOfOneGuest) {
    betas().kind = WindowKind::memory;
    EXPECT_THAT(findings(), ElementsAre(of_channel(Rule::channel_alone), shared));
}

TEST_F(CheckChannels, ShareNothingElse) {
    beta.windows.push_back(
        {channel_at + gibi, alpha.windows[last_of_alpha - 1].to, page_size, Rights::r, WindowKind::channel});
    EXPECT_THAT(findings(), Contains(of_beta(Rule::window_no_channel, last_of_beta + 1)));
    EXPECT_THAT(findings(), Contains(Finding{Rule::host_shared, 1, last_of_beta + 1, 0, last_of_alpha - 1}));
}

TEST_F(CheckChannels, AreInOneWindowOfAGuest) {
    beta.windows.push_back({channel_at + gibi, bell.base, bell.size, Rights::r, WindowKind::channel});
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::host_shared, 1, last_of_beta + 1, 1, last_of_beta}));
}

TEST_F(CheckChannels, AreInMemoryThatNobodyKeeps) {
    const auto moved = [this](Hpa to) {
        channels[0].memory.base = to;
        betas().to = alpha.windows.back().to = to;
    };
    moved({0x8000'0000});
    EXPECT_THAT(findings(), Contains(of_beta(Rule::host_is_kept, last_of_beta, 0, firmware)));
    moved(board.load_address);
    EXPECT_THAT(findings(), Contains(of_beta(Rule::host_is_hypervisor, last_of_beta)));
    moved({0x4000'0000});
    EXPECT_THAT(findings(), Contains(of_beta(Rule::memory_outside_ram, last_of_beta)));
}

TEST_F(CheckChannels, HaveSizesThatArePowersOfTwo) {
    for (const std::uint64_t size : {std::uint64_t{0}, page_size / 2, 3 * page_size}) {
        channels[0].memory.size = size;
        EXPECT_THAT(findings(), Contains(of_channel(Rule::channel_size_invalid)));
    }
}

TEST_F(CheckChannels, HaveNamesAndMemoryOfTheirOwn) {
    channels.push_back({"bell", {bell.end(), page_size}});
    EXPECT_THAT(findings(), Contains(of_channel(Rule::channel_name_taken, 1)));
    channels[1].name = "beta";
    EXPECT_THAT(findings(), Contains(of_channel(Rule::channel_name_taken, 1)));
    channels[1] = {"other", {bell.end() - page_size, page_size}};
    EXPECT_THAT(findings(), Contains(of_channel(Rule::channels_meet, 1, 0)));
}

TEST_F(CheckChannels, AreWrittenByOneGuestAtLeast) {
    alpha.windows.back().rights = Rights::r;
    EXPECT_THAT(findings(), ElementsAre(of_channel(Rule::channel_unwritten)));
}

TEST_F(CheckChannels, AreTwoGuestsAtLeast) {
    beta.windows.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_channel(Rule::channel_alone)));
}

}  // namespace
}  // namespace mullion
