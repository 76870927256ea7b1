// SPDX-License-Identifier: Apache-2.0
#include "vm/life/stop.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

constexpr std::uint64_t second = 1000;
constexpr std::uint64_t now = 77;

struct AskedTest : testing::Test {
    void ask(StopRequest request) { asked.begin(Order::restart, {request, 5}, now, second); }
    Asked asked;
};

TEST_F(AskedTest, IsNobodyAtFirst) {
    EXPECT_EQ(asked.wanted(), Order::none);
    EXPECT_EQ(asked.due(), Asked::never);
    EXPECT_EQ(asked.key(now), std::nullopt);
    EXPECT_FALSE(asked.is_late(Asked::never - 1));
}

TEST_F(AskedTest, SaysAKeyOfSysRqASecond) {
    ask(StopRequest::sysrq);
    EXPECT_EQ(asked.due(), now);
    EXPECT_EQ(asked.key(now), 's');
    EXPECT_EQ(asked.due(), now + second);
    EXPECT_EQ(asked.key(now + second - 1), std::nullopt);
    EXPECT_EQ(asked.key(now + second), 'u');
    EXPECT_EQ(asked.key(now + 2 * second), 'o');
    EXPECT_EQ(asked.key(now + 3 * second), std::nullopt);
    EXPECT_EQ(asked.due(), now + 5 * second);
}

TEST_F(AskedTest, HasNoKeysForAnEvent) {
    ask(StopRequest::software_event);
    EXPECT_EQ(asked.key(now + second), std::nullopt);
    EXPECT_EQ(asked.due(), now + 5 * second);
}

TEST_F(AskedTest, IsLateAfterItsTime) {
    ask(StopRequest::software_event);
    EXPECT_FALSE(asked.is_late(now + 5 * second - 1));
    EXPECT_TRUE(asked.is_late(now + 5 * second));
}

TEST_F(AskedTest, IsForgottenOnceItIsTaken) {
    ask(StopRequest::sysrq);
    EXPECT_EQ(asked.wanted(), Order::restart);
    EXPECT_EQ(asked.take(), Order::restart);
    EXPECT_EQ(asked.take(), Order::none);
    EXPECT_EQ(asked.due(), Asked::never);
    EXPECT_FALSE(asked.is_late(now + 5 * second));
}

TEST_F(AskedTest, BeginsAnew) {
    ask(StopRequest::sysrq);
    EXPECT_EQ(asked.key(now), 's');
    asked.begin(Order::off, {StopRequest::sysrq, 5}, now + second, second);
    EXPECT_EQ(asked.key(now + second), 's');
    EXPECT_EQ(asked.wanted(), Order::off);
}

TEST(StopRequests, HaveNames) {
    EXPECT_EQ(name_of(StopRequest::none), "none");
    EXPECT_EQ(name_of(StopRequest::sysrq), "sysrq");
    EXPECT_EQ(name_of(StopRequest::software_event), "software-event");
}

}  // namespace
}  // namespace mullion
