// SPDX-License-Identifier: Apache-2.0
#include "vm/alarms.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

TEST(Alarms, WaitForTheEarliest) {
    Alarms alarms;
    EXPECT_EQ(alarms.next(), Alarms::never);
    EXPECT_EQ(alarms.set(Alarm::life, 500), 500U);
    EXPECT_EQ(alarms.set(Alarm::console, 300), 300U);
    EXPECT_EQ(alarms.set(Alarm::console, 700), 500U) << "the last one set counts";
    EXPECT_EQ(alarms.set(Alarm::life, Alarms::never), 700U);
}

TEST(Alarms, AreTakenOnceAndOneByOne) {
    Alarms alarms;
    alarms.set(Alarm::life, 500);
    alarms.set(Alarm::console, 600);
    EXPECT_EQ(alarms.take(499), DueAlarms{});
    const auto due = alarms.take(500);
    EXPECT_TRUE(due.has(Alarm::life));
    EXPECT_FALSE(due.has(Alarm::console));
    EXPECT_EQ(alarms.take(501), DueAlarms{});
    EXPECT_EQ(alarms.next(), 600U);
}

}  // namespace
}  // namespace mullion
