// SPDX-License-Identifier: Apache-2.0
#include "vm/life/restarts.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

constexpr std::uint64_t second = 1000;  // ticks
constexpr Decision restart{Action::restart, false};
constexpr Decision limit_reached{Action::stay_off, true};

struct RestartsTest : testing::Test {
    Decision crash_at(std::uint64_t now) { return restarts.decide(policy, Cause::crash, now, second); }

    Policy policy;
    Restarts restarts;
};

TEST_F(RestartsTest, WithoutAPolicyAGuestEndsAsOnAMachine) {
    EXPECT_EQ(restarts.decide(policy, Cause::shutdown, 0, second), Decision{});
    EXPECT_EQ(restarts.decide(policy, Cause::reboot, 0, second), restart);
    EXPECT_EQ(restarts.decide(policy, Cause::crash, 0, second), Decision{});
    EXPECT_EQ(restarts.decide(policy, Cause::watchdog, 0, second), restart);
}

TEST_F(RestartsTest, DoesWhatThePolicySaysOfEachCause) {
    policy.shutdown.action = Action::halt_machine;
    policy.crash.action = Action::restart;
    EXPECT_EQ(restarts.decide(policy, Cause::shutdown, 0, second), (Decision{Action::halt_machine, false}));
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(crash_at(0), restart);
    }
}

TEST_F(RestartsTest, StopsAtTheLimitAndGoesOnWhenTheOldestIsPast) {
    policy.crash = {Action::restart, {3, 60}};
    EXPECT_EQ(crash_at(0), restart);
    EXPECT_EQ(crash_at(10 * second), restart);
    EXPECT_EQ(crash_at(20 * second), restart);
    EXPECT_EQ(crash_at(60 * second - 1), limit_reached);
    EXPECT_EQ(crash_at(60 * second), restart) << "the window slides; what was refused does not count";
    EXPECT_EQ(crash_at(69 * second), limit_reached);
    EXPECT_EQ(crash_at(70 * second), restart);
}

TEST_F(RestartsTest, HoldsTheLargestLimit) {
    policy.crash = {Action::restart, {RestartLimit::max_restarts, RestartLimit::max_seconds}};
    for (std::uint32_t i = 0; i < RestartLimit::max_restarts; ++i) {
        EXPECT_EQ(crash_at(i), restart);
    }
    EXPECT_EQ(crash_at(RestartLimit::max_restarts), limit_reached);
}

TEST_F(RestartsTest, CountsEachCauseByItself) {
    policy.crash = policy.reboot = {Action::restart, {1, 60}};
    EXPECT_EQ(crash_at(0), restart);
    EXPECT_EQ(restarts.decide(policy, Cause::reboot, 0, second), restart);
    EXPECT_EQ(crash_at(1), limit_reached);
    EXPECT_EQ(restarts.decide(policy, Cause::reboot, 1, second), limit_reached);
}

TEST_F(RestartsTest, ForgetsWhenTheOperatorStartsTheGuest) {
    policy.crash = {Action::restart, {1, 60}};
    EXPECT_EQ(crash_at(0), restart);
    restarts.forget();
    EXPECT_EQ(crash_at(1), restart);
    EXPECT_EQ(crash_at(2), limit_reached);
}

}  // namespace
}  // namespace mullion
