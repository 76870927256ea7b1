// SPDX-License-Identifier: Apache-2.0
#include "core/check_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mullion::law {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Told = std::vector<std::pair<Rule, std::uint32_t>>;

constexpr auto crash = static_cast<std::uint32_t>(Cause::crash);

Told limits(const Policy& policy) {
    Told told;
    check_limits(policy, [&](Rule rule, std::uint32_t item) { told.emplace_back(rule, item); });
    return told;
}

Told limits_of_crash(Action action, RestartLimit limit) {
    Policy policy;
    policy.crash = {action, limit};
    return limits(policy);
}

TEST(CheckLimits, AllowNone) {
    EXPECT_THAT(limits({}), IsEmpty());
}

TEST(CheckLimits, AreInRange) {
    EXPECT_THAT(limits_of_crash(Action::restart, {1, 1}), IsEmpty());
    EXPECT_THAT(limits_of_crash(Action::restart, {16, 86'400}), IsEmpty());
    for (const RestartLimit limit : {RestartLimit{0, 1}, {17, 1}, {1, 0}, {1, 86'401}}) {
        EXPECT_THAT(limits_of_crash(Action::restart, limit), ElementsAre(std::pair{Rule::limit_invalid, crash}));
    }
}

TEST(CheckLimits, AreForRestarts) {
    for (const auto action : {Action::stay_off, Action::halt_machine}) {
        EXPECT_THAT(limits_of_crash(action, {1, 1}), ElementsAre(std::pair{Rule::limit_without_restart, crash}));
    }
}

TEST(CheckStop, HasATimeWhereTheGuestIsAsked) {
    const auto told = [](Stop stop) {
        std::vector<Rule> rules;
        check_stop(stop, [&](Rule rule, std::uint32_t) { rules.push_back(rule); });
        return rules;
    };
    EXPECT_THAT(told({}), IsEmpty());
    EXPECT_THAT(told({StopRequest::none, 3}), ElementsAre(Rule::stop_timeout_invalid));
    for (const auto request : {StopRequest::sysrq, StopRequest::software_event}) {
        EXPECT_THAT(told({request, 3}), IsEmpty());
        EXPECT_THAT(told({request, 600}), IsEmpty());
        EXPECT_THAT(told({request, 2}), ElementsAre(Rule::stop_timeout_invalid));
        EXPECT_THAT(told({request, 601}), ElementsAre(Rule::stop_timeout_invalid));
    }
}

/// Guests that start after the given ones.
struct CheckStart : testing::Test {
    void after(std::initializer_list<std::uint32_t> others) {
        for (const auto other : others) {
            guests.emplace_back().policy.start.after = other;
        }
    }

    std::vector<Rule> rules_of(std::uint32_t index) const {
        std::vector<Rule> told;
        check_start(guests, index, [&](Rule rule, std::uint32_t) { told.push_back(rule); });
        return told;
    }

    static constexpr auto boot = StartOrder::at_boot;
    std::vector<Guest> guests;
};

TEST_F(CheckStart, AllowsAnyOrderThatBeginsAtBoot) {
    after({1, 2, boot, 2});
    for (std::uint32_t i = 0; i < guests.size(); ++i) {
        EXPECT_THAT(rules_of(i), IsEmpty()) << i;
    }
}

TEST_F(CheckStart, TellsARingOnce) {
    after({2, 3, 1, 2, boot, 4, 3});
    EXPECT_THAT(rules_of(1), ElementsAre(Rule::start_in_a_ring));
    for (const std::uint32_t i : {0U, 2U, 3U, 4U, 5U, 6U}) {
        EXPECT_THAT(rules_of(i), IsEmpty()) << i;
    }
}

TEST_F(CheckStart, TellsOfAGuestAfterItself) {
    after({boot, 1});
    EXPECT_THAT(rules_of(1), ElementsAre(Rule::start_in_a_ring));
}

TEST_F(CheckStart, TellsOfAGuestThatIsNone) {
    after({boot, 2});
    EXPECT_THAT(rules_of(1), ElementsAre(Rule::start_after_unknown));
}

TEST_F(CheckStart, LeavesTheOperatorNoOrder) {
    after({boot, 0, boot, boot});
    for (const std::uint32_t i : {1U, 2U, 3U}) {
        guests[i].policy.start.by_operator = true;
    }
    guests[2].policy.start.delay_ms = 1;
    EXPECT_THAT(rules_of(1), ElementsAre(Rule::start_contradicts));
    EXPECT_THAT(rules_of(2), ElementsAre(Rule::start_contradicts));
    EXPECT_THAT(rules_of(3), IsEmpty());
}

}  // namespace
}  // namespace mullion::law
