// SPDX-License-Identifier: Apache-2.0
#include "vm/life/lifecycle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Lifecycle : testing::Test, FakeGuest {
    /// Hart `hart` looks at its requests, or polls for a start, when it is asked.
    void obey_when_asked() {
        port.on_request = [this](VCpu& target) {
            if (state(target.index) == HsmState::start_pending) {
                EXPECT_EQ(poll_start(target, port), std::nullopt);
            } else {
                EXPECT_THROW(serve_requests(target, port), Parked);
            }
        };
    }
    void expect_all_stopped() {
        for (const auto& vcpu : harts) {
            EXPECT_EQ(hsm::state_of(vcpu), HsmState::stopped) << vcpu.index;
        }
    }
};

TEST_F(Lifecycle, StartsTheFirstHartWithTheTree) {
    start_guest(std::span{harts}, port, [] {});
    EXPECT_THAT(port.requested, ElementsAre(0));
    EXPECT_EQ(poll_start(harts[0], port), (HartEntry{guest.entry, guest.tree.value}));
    EXPECT_EQ(state(1), HsmState::stopped);
}

TEST_F(Lifecycle, StopsEveryHartWhateverItDoes) {
    set(0, HsmState::started);
    set(1, HsmState::start_pending);
    set(2, HsmState::started);
    obey_when_asked();
    stop_siblings(harts[2], port);
    EXPECT_THAT(port.requested, ElementsAre(0, 1));
    expect_all_stopped();
}

TEST_F(Lifecycle, IsQuietOnAHartBeforeThatIsStopped) {
    set(0, HsmState::started);
    set(1, HsmState::stopped);
    hsm::stop(harts[0], [this] { EXPECT_EQ(state(0), HsmState::stop_pending); });
    EXPECT_EQ(state(0), HsmState::stopped);
    hsm::stop(harts[1], [] { ADD_FAILURE() << "it is"; });
    set(0, HsmState::started);
    stop_siblings(harts[0], port);
    EXPECT_EQ(port.quieted, 1);
}

TEST_F(Lifecycle, WaitsForTheLastHartToStop) {
    set(0, HsmState::started);
    set(1, HsmState::started);
    int waits = 0;
    port.on_relax = [&] {
        if (++waits == 3) {
            EXPECT_THROW(serve_requests(harts[1], port), Parked);
        }
    };
    stop_siblings(harts[0], port);
    EXPECT_EQ(waits, 3);
}

TEST_F(Lifecycle, LeavesParkedHartsAlone) {
    set(0, HsmState::started);
    stop_siblings(harts[0], port);
    EXPECT_THAT(port.requested, IsEmpty());
    expect_all_stopped();
}

TEST_F(Lifecycle, MayBeEndedByAParkedHart) {
    set(1, HsmState::started);
    obey_when_asked();
    stop_siblings(harts[2], port);
    expect_all_stopped();
}

TEST_F(Lifecycle, MayBeEndedByAParkedHartThatWasAboutToStart) {
    set(1, HsmState::started);
    set(2, HsmState::start_pending);
    obey_when_asked();
    stop_siblings(harts[2], port);
    expect_all_stopped();
}

TEST_F(Lifecycle, HasOneHartThatEndsIt) {
    Life life;
    life.settle(LifeState::running);
    set(0, HsmState::started);
    set(1, HsmState::started);
    EXPECT_EQ(claim_end(harts[0], life, port), LifeState::running);
    port.on_request = [&](VCpu& target) { EXPECT_EQ(claim_end(target, life, port), std::nullopt); };
    stop_siblings(harts[0], port);
    expect_all_stopped();
    EXPECT_EQ(life.state(), LifeState::stopping);
}

TEST_F(Lifecycle, CanBeEndedByAnotherWhenTheFirstFindsNothingToDo) {
    Life life;
    life.settle(LifeState::suspended);
    set(0, HsmState::started);
    set(1, HsmState::started);
    EXPECT_EQ(claim_end(harts[0], life, port), LifeState::suspended);
    port.on_relax = [&] { life.settle(LifeState::suspended); };
    EXPECT_EQ(claim_end(harts[1], life, port), LifeState::suspended);
}

TEST_F(Lifecycle, RunsWhenItsFirstHartIsNoLongerStoppedAndMayNotEnterYet) {
    start_guest(std::span{harts}, port, [this] {
        EXPECT_EQ(state(0), HsmState::start_pending);
        EXPECT_EQ(poll_start(harts[0], port), std::nullopt);
    });
    EXPECT_TRUE(poll_start(harts[0], port));
}

TEST_F(Lifecycle, LetsNoHartStartBetweenEndAndStart) {
    set(0, HsmState::started);
    stop_siblings(harts[0], port);
    EXPECT_EQ(hart_start(harts[0], port, 1, {guest.entry, 0}), sbi_failure(SbiError::failed));
    start_guest(std::span{harts}, port, [] {});
    EXPECT_EQ(hart_start(harts[0], port, 1, {guest.entry, 0}), sbi_success);
}

TEST_F(Lifecycle, StartsAgainAfterItsEnd) {
    for (int life = 0; life < 3; ++life) {
        start_guest(std::span{harts}, port, [] {});
        ASSERT_TRUE(poll_start(harts[0], port));
        stop_siblings(harts[0], port);
        expect_all_stopped();
    }
}

}  // namespace
}  // namespace mullion
