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

struct FakeClock {
    std::uint64_t time = 0;

    std::uint64_t now() const { return time; }
};

struct WatchdogTest : testing::Test {
    using Dog = Watchdog<FakeClock>;

    void write(std::uint32_t offset, std::uint32_t value, std::uint64_t now) {
        clock.time = now;
        EXPECT_EQ(dog.write(offset, value), Effect::line | Effect::deadline);
    }
    Effect expire(std::uint64_t now) {
        clock.time = now;
        return dog.expire();
    }
    void kick(std::uint64_t now) { write(watchdog::ctrl, watchdog::restart, now); }

    FakeClock clock;
    Dog dog{clock, second};
};

TEST_F(WatchdogTest, IsOffAfterAReset) {
    for (int life = 0; life < 2; ++life) {
        EXPECT_EQ(dog.read(watchdog::irq_en).value(), 0U);
        EXPECT_EQ(dog.read(watchdog::irq_sta).value(), 0U);
        EXPECT_EQ(dog.read(watchdog::ctrl).value(), 0U);
        EXPECT_EQ(dog.read(watchdog::cfg).value(), 1U);
        EXPECT_EQ(dog.read(watchdog::mode).value(), 0U);
        EXPECT_EQ(dog.deadline(), Dog::never);
        EXPECT_EQ(expire(Dog::never - 1), Effect::none);
        for (const auto reg : {watchdog::irq_en, watchdog::cfg, watchdog::mode}) {
            write(reg, ~0U, 5);
        }
        dog.reset();
    }
}

TEST_F(WatchdogTest, KeepsTheBitsThatItHas) {
    write(watchdog::cfg, ~0U, 0);
    write(watchdog::mode, ~0U, 0);
    write(watchdog::irq_en, ~0U, 0);
    write(watchdog::irq_sta, ~0U, 0);
    write(0x08, ~0U, 0);
    EXPECT_EQ(dog.read(watchdog::cfg).value(), 3U);
    EXPECT_EQ(dog.read(watchdog::mode).value(), 0xf1U);
    EXPECT_EQ(dog.read(watchdog::irq_en).value(), 1U);
    EXPECT_EQ(dog.read(watchdog::irq_sta).value(), 0U);
    EXPECT_EQ(dog.read(0x08).value(), 0U);
    EXPECT_EQ(dog.read(0x1c).value(), 0U);
}

TEST_F(WatchdogTest, WaitsAsLongAsTheIntervalSays) {
    constexpr std::pair<std::uint32_t, std::uint64_t> table[]{
        {0, 500},  {1, 1000},  {2, 2000},  {3, 3000},   {4, 4000},   {5, 5000},   {6, 6000},
        {7, 8000}, {8, 10000}, {9, 12000}, {10, 14000}, {11, 16000}, {12, 16000}, {15, 16000}};
    for (const auto& [interval, ticks] : table) {
        dog.reset();
        write(watchdog::mode, every(interval), 100);
        EXPECT_EQ(dog.deadline(), 100 + ticks) << interval;
        EXPECT_EQ(expire(100 + ticks - 1), Effect::none) << interval;
        EXPECT_EQ(expire(100 + ticks), Effect::reset) << interval;
        EXPECT_EQ(expire(100 + ticks), Effect::reset) << "until somebody resets it";
    }
}

TEST_F(WatchdogTest, StartsAnewWhenItIsKickedWithTheKey) {
    write(watchdog::mode, every(2), 0);
    kick(1500);
    EXPECT_EQ(dog.deadline(), 3500U);
    EXPECT_NE(expire(3499), Effect::reset);
    for (const auto wrong : {0U, 1U, watchdog::restart & ~1U, 0xa56U << 1 | 1}) {
        write(watchdog::ctrl, wrong, 3000);
    }
    EXPECT_EQ(dog.deadline(), 3500U);
}

TEST_F(WatchdogTest, IsNotKickedByMode) {
    write(watchdog::mode, every(2), 0);
    write(watchdog::mode, every(2), 1500);
    EXPECT_EQ(dog.deadline(), 2000U);
    write(watchdog::mode, every(3), 1500);
    EXPECT_EQ(dog.deadline(), 3000U) << "another interval, from the same start";
}

TEST_F(WatchdogTest, CanBeStoppedAndStarted) {
    write(watchdog::mode, every(1), 0);
    write(watchdog::mode, 0, 900);
    EXPECT_EQ(expire(5000), Effect::none);
    write(watchdog::mode, every(1), 5000);
    EXPECT_EQ(dog.deadline(), 6000U);
}

TEST_F(WatchdogTest, InterruptsWhereItIsTold) {
    write(watchdog::cfg, 2, 0);
    write(watchdog::mode, every(1), 0);
    EXPECT_EQ(expire(1000), Effect::line | Effect::deadline);
    EXPECT_EQ(dog.read(watchdog::irq_sta).value(), 1U);
    EXPECT_FALSE(dog.interrupt()) << "not enabled";
    EXPECT_EQ(dog.deadline(), 2000U);
    write(watchdog::irq_en, 1, 1100);
    EXPECT_TRUE(dog.interrupt());
    write(watchdog::irq_sta, 1, 1200);
    EXPECT_FALSE(dog.interrupt());
}

TEST_F(WatchdogTest, DoesNothingInTheReservedConfigurations) {
    for (const auto cfg : {0U, 3U}) {
        write(watchdog::cfg, cfg, 0);
        write(watchdog::mode, every(1), 0);
        EXPECT_EQ(dog.deadline(), Dog::never);
        EXPECT_EQ(expire(100'000), Effect::none);
    }
}

}  // namespace
}  // namespace mullion
