// SPDX-License-Identifier: Apache-2.0
#include "vm/watchdog.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mullion {
namespace {

constexpr std::uint64_t second = 1000;  // ticks
constexpr std::uint32_t enable = 1;

constexpr std::uint32_t every(std::uint32_t interval) {
    return interval << 4 | enable;
}

struct WatchdogTest : testing::Test {
    void kick(std::uint64_t now) { watchdog.write(Watchdog::ctrl, Watchdog::restart, now); }

    Watchdog watchdog{second};
};

TEST_F(WatchdogTest, IsOffAfterAReset) {
    for (int life = 0; life < 2; ++life) {
        EXPECT_EQ(watchdog.read(Watchdog::irq_en), 0U);
        EXPECT_EQ(watchdog.read(Watchdog::irq_sta), 0U);
        EXPECT_EQ(watchdog.read(Watchdog::ctrl), 0U);
        EXPECT_EQ(watchdog.read(Watchdog::cfg), 1U);
        EXPECT_EQ(watchdog.read(Watchdog::mode), 0U);
        EXPECT_EQ(watchdog.deadline(), Watchdog::never);
        EXPECT_EQ(watchdog.look(Watchdog::never - 1), Bite::none);
        for (const auto reg : {Watchdog::irq_en, Watchdog::cfg, Watchdog::mode}) {
            watchdog.write(reg, ~0U, 5);
        }
        watchdog.reset();
    }
}

TEST_F(WatchdogTest, KeepsTheBitsThatItHas) {
    watchdog.write(Watchdog::cfg, ~0U, 0);
    watchdog.write(Watchdog::mode, ~0U, 0);
    watchdog.write(Watchdog::irq_en, ~0U, 0);
    watchdog.write(Watchdog::irq_sta, ~0U, 0);
    watchdog.write(0x08, ~0U, 0);
    EXPECT_EQ(watchdog.read(Watchdog::cfg), 3U);
    EXPECT_EQ(watchdog.read(Watchdog::mode), 0xf1U);
    EXPECT_EQ(watchdog.read(Watchdog::irq_en), 1U);
    EXPECT_EQ(watchdog.read(Watchdog::irq_sta), 0U);
    EXPECT_EQ(watchdog.read(0x08), 0U);
    EXPECT_EQ(watchdog.read(0x1c), 0U);
}

TEST_F(WatchdogTest, WaitsAsLongAsTheIntervalSays) {
    constexpr std::pair<std::uint32_t, std::uint64_t> table[]{
        {0, 500},  {1, 1000},  {2, 2000},  {3, 3000},   {4, 4000},   {5, 5000},   {6, 6000},
        {7, 8000}, {8, 10000}, {9, 12000}, {10, 14000}, {11, 16000}, {12, 16000}, {15, 16000}};
    for (const auto& [interval, ticks] : table) {
        watchdog.reset();
        watchdog.write(Watchdog::mode, every(interval), 100);
        EXPECT_EQ(watchdog.deadline(), 100 + ticks) << interval;
        EXPECT_EQ(watchdog.look(100 + ticks - 1), Bite::none) << interval;
        EXPECT_EQ(watchdog.look(100 + ticks), Bite::reset) << interval;
        EXPECT_TRUE(watchdog.resets(100 + ticks)) << "until somebody resets it";
    }
}

TEST_F(WatchdogTest, StartsAnewWhenItIsKickedWithTheKey) {
    watchdog.write(Watchdog::mode, every(2), 0);
    kick(1500);
    EXPECT_EQ(watchdog.deadline(), 3500U);
    EXPECT_FALSE(watchdog.resets(3499));
    for (const auto wrong : {0U, 1U, Watchdog::restart & ~1U, 0xa56U << 1 | 1}) {
        watchdog.write(Watchdog::ctrl, wrong, 3000);
    }
    EXPECT_EQ(watchdog.deadline(), 3500U);
}

TEST_F(WatchdogTest, IsNotKickedByMode) {
    watchdog.write(Watchdog::mode, every(2), 0);
    watchdog.write(Watchdog::mode, every(2), 1500);
    EXPECT_EQ(watchdog.deadline(), 2000U);
    watchdog.write(Watchdog::mode, every(3), 1500);
    EXPECT_EQ(watchdog.deadline(), 3000U) << "another interval, from the same start";
}

TEST_F(WatchdogTest, CanBeStoppedAndStarted) {
    watchdog.write(Watchdog::mode, every(1), 0);
    watchdog.write(Watchdog::mode, 0, 900);
    EXPECT_EQ(watchdog.look(5000), Bite::none);
    watchdog.write(Watchdog::mode, every(1), 5000);
    EXPECT_EQ(watchdog.deadline(), 6000U);
}

TEST_F(WatchdogTest, InterruptsWhereItIsTold) {
    watchdog.write(Watchdog::cfg, 2, 0);
    watchdog.write(Watchdog::mode, every(1), 0);
    EXPECT_FALSE(watchdog.resets(1000));
    EXPECT_EQ(watchdog.look(1000), Bite::interrupt);
    EXPECT_EQ(watchdog.read(Watchdog::irq_sta), 1U);
    EXPECT_FALSE(watchdog.interrupt()) << "not enabled";
    EXPECT_EQ(watchdog.deadline(), 2000U);
    watchdog.write(Watchdog::irq_en, 1, 1100);
    EXPECT_TRUE(watchdog.interrupt());
    watchdog.write(Watchdog::irq_sta, 1, 1200);
    EXPECT_FALSE(watchdog.interrupt());
}

TEST_F(WatchdogTest, DoesNothingInTheReservedConfigurations) {
    for (const auto cfg : {0U, 3U}) {
        watchdog.write(Watchdog::cfg, cfg, 0);
        watchdog.write(Watchdog::mode, every(1), 0);
        EXPECT_EQ(watchdog.deadline(), Watchdog::never);
        EXPECT_EQ(watchdog.look(100'000), Bite::none);
    }
}

}  // namespace
}  // namespace mullion
