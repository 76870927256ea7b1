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
    EXPECT_FALSE(alarms.take(Alarm::life, 499));
    EXPECT_TRUE(alarms.take(Alarm::life, 500));
    EXPECT_FALSE(alarms.take(Alarm::life, 501));
    EXPECT_FALSE(alarms.take(Alarm::console, 501));
    EXPECT_EQ(alarms.next(), 600U);
}

}  // namespace
}  // namespace mullion
