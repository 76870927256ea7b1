// SPDX-License-Identifier: Apache-2.0
#include "vm/devices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Records what happens, in order, and whether the lock is held.
struct History {
    std::vector<std::string> lines;
    bool locked = false;

    void add(const std::string& what) {
        EXPECT_TRUE(locked) << what;
        lines.push_back(what);
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }
};
History history;

struct FakeLock {
    void lock() { EXPECT_FALSE(std::exchange(history.locked, true)); }
    void unlock() { EXPECT_TRUE(std::exchange(history.locked, false)); }
};

struct FakeMachine {
    void set_deadline(std::uint64_t time) { history.add("deadline " + std::to_string(time)); }
};

class FakeDevice final : public EmulatedDevice {
 public:
    explicit FakeDevice(std::string name) : name_(std::move(name)) {}

    Answer read(std::uint32_t offset) override {
        history.add(name_ + " read " + std::to_string(offset));
        return {0x80 + offset, effect};
    }
    Effect write(std::uint32_t offset, std::uint32_t value) override {
        history.add(name_ + " write " + std::to_string(offset) + " " + std::to_string(value));
        return effect;
    }
    Effect write_part(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) override {
        history.add(name_ + " write " + std::to_string(bytes) + " bytes at " + std::to_string(offset) + " " +
                    std::to_string(value));
        return effect;
    }
    void reset() override {
        history.add(name_ + " reset");
        level = false;
    }
    bool interrupt() const override { return level; }
    std::uint64_t deadline() const override { return due; }
    Effect expire() override { return std::exchange(effect, Effect::none); }

    Effect effect = Effect::none;
    bool level = false;
    std::uint64_t due = never;

 private:
    std::string name_;
};

class FakeController final : public EmulatedController {
 public:
    Answer read(std::uint32_t offset) override { return offset; }
    Effect write(std::uint32_t, std::uint32_t) override {
        history.add("controller write");
        return Effect::none;
    }
    void reset() override { history.add("controller reset"); }
    void set_line(std::uint32_t source, bool level) override {
        history.add("line " + std::to_string(source) + (level ? " up" : " down"));
    }
};

class DevicesTest : public testing::Test {
 protected:
    DevicesTest() { history = {}; }
    ~DevicesTest() override { EXPECT_FALSE(history.locked); }

    FakeController controller;
    FakeDevice uart{"uart"};
    FakeDevice dog{"dog"};
    FakeMachine machine;
    const std::array<DeviceRow, 3> rows{
        DeviceRow::of({DeviceKind::aplic, {0xd00'0000}, 0x8000}, controller, RegisterWidth::words),
        DeviceRow::of({DeviceKind::uart16550, {0x1000'0000}, 0x100, 10}, uart, RegisterWidth::bytes),
        DeviceRow::of({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11}, dog, RegisterWidth::words)};
    const DeviceRow& uart_row = rows[1];
    const DeviceRow& dog_row = rows[2];
    Devices<FakeLock, FakeMachine> devices{rows, controller, machine};
};

TEST_F(DevicesTest, AreFoundFromTheirFirstToTheirLastByte) {
    for (const auto& row : rows) {
        EXPECT_EQ(devices.find(row.range.base), &row);
        EXPECT_EQ(devices.find(row.range.end() - 1), &row);
        EXPECT_EQ(devices.find(row.range.base - 1), nullptr);
        EXPECT_EQ(devices.find(row.range.end()), nullptr);
    }
    EXPECT_EQ(devices.find({0}), nullptr);
    EXPECT_EQ(devices.find({~std::uint64_t{0}}), nullptr);
}

TEST_F(DevicesTest, OfWordsTakeAlignedWords) {
    const auto at = dog_row.range.base;
    EXPECT_TRUE(dog_row.takes(at, 4));
    EXPECT_TRUE(dog_row.takes(at + 0x1c, 4));
    for (const std::uint64_t bytes : {1, 2, 8}) {
        EXPECT_FALSE(dog_row.takes(at, bytes)) << bytes;
    }
    for (const std::uint64_t offset : {1, 2, 3, 0x1d}) {
        EXPECT_FALSE(dog_row.takes(at + offset, 4)) << offset;
    }
    EXPECT_EQ(dog_row.form, lw_or_sw);
}

TEST_F(DevicesTest, OfBytesTakeEveryAccessThatIsTheirs) {
    const auto at = uart_row.range.base;
    for (const std::uint64_t bytes : {1, 2, 4, 8}) {
        EXPECT_TRUE(uart_row.takes(at, bytes)) << bytes;
        EXPECT_TRUE(uart_row.takes(at + 1, bytes)) << bytes;
        EXPECT_TRUE(uart_row.takes(uart_row.range.end() - bytes, bytes)) << bytes;
    }
    EXPECT_EQ(uart_row.form, lb_or_sb);
}

TEST_F(DevicesTest, OfPartsTakeAlignedAccessesUpToAWord) {
    FakeDevice pci{"pci"};
    const auto row = DeviceRow::of({DeviceKind::pci_host, {0x3000'0000}, 0x10'0000}, pci, RegisterWidth::parts);
    for (const std::uint64_t bytes : {1, 2, 4}) {
        for (std::uint64_t offset = 0; offset < 8; ++offset) {
            EXPECT_EQ(row.takes(row.range.base + offset, bytes), offset % bytes == 0) << bytes << " at " << offset;
        }
    }
    EXPECT_FALSE(row.takes(row.range.base, 8));
    for (const std::uint64_t htinst : {std::uint64_t{0}, lw_or_sw.load, lw_or_sw.store, lb_or_sb.load}) {
        EXPECT_FALSE(row.form.is_load(htinst) || row.form.is_store(htinst)) << "none takes the fast path";
    }
}

TEST_F(DevicesTest, OfPartsAreReadAndWrittenByPart) {
    FakeDevice pci{"pci"};
    const auto row = DeviceRow::of({DeviceKind::pci_host, {0x3000'0000}, 0x10'0000}, pci, RegisterWidth::parts);
    EXPECT_EQ(devices.read_bytes(row, 0x1235), (0x80 + 0x1234) >> 8) << "a fake reads its offset";
    EXPECT_FALSE(devices.write_bytes(row, 0x1236, 2, 0xabcd));
    EXPECT_EQ(devices.read_bytes(uart_row, 5), 0x85u) << "a register of bytes is at its own offset";
    EXPECT_FALSE(devices.write_bytes(uart_row, 5, 4, 0x102));
    EXPECT_THAT(history.take(),
                ElementsAre("pci read 4660", "pci write 2 bytes at 4662 43981", "uart read 5", "uart write 5 258"));
}

TEST_F(DevicesTest, TakeNoAccessThatIsPartlyTheirs) {
    for (const auto& row : rows) {
        for (const std::uint64_t bytes : {2, 4, 8}) {
            for (std::uint64_t out = 1; out < bytes; ++out) {
                EXPECT_FALSE(row.takes(row.range.base - out, bytes)) << bytes << " bytes, before";
                EXPECT_FALSE(row.takes(row.range.end() - out, bytes)) << bytes << " bytes, behind";
            }
        }
    }
}

TEST_F(DevicesTest, AreReadUnderTheLockWithWhatTheyLeaveToBeDone) {
    EXPECT_EQ(devices.read(uart_row, 5), 0x85U);
    EXPECT_THAT(history.take(), ElementsAre("uart read 5"));
    uart.effect = Effect::line;
    uart.level = true;
    EXPECT_EQ(devices.read(uart_row, 5), 0x85U);
    EXPECT_THAT(history.take(), ElementsAre("uart read 5", "line 10 up"));
    EXPECT_EQ(devices.read(rows[0], 0x1234), 0x1234U);
    EXPECT_EQ(devices.read(rows[0], 0xffff'ffff), 0xffff'ffffU);
    EXPECT_THAT(history.take(), IsEmpty());
}

TEST_F(DevicesTest, AreWrittenUnderTheLockWithWhatTheyLeaveToBeDone) {
    EXPECT_FALSE(devices.write(dog_row, 4, 7));
    EXPECT_THAT(history.take(), ElementsAre("dog write 4 7"));
    dog.effect = Effect::line | Effect::deadline;
    dog.due = 900;
    uart.due = 800;
    EXPECT_FALSE(devices.write(dog_row, 4, 7));
    EXPECT_THAT(history.take(), ElementsAre("dog write 4 7", "line 11 down", "deadline 800")) << "the earliest";
    uart.effect = Effect::output;
    EXPECT_TRUE(devices.write(uart_row, 0, 'x')) << "to be seen out";
    EXPECT_THAT(history.take(), ElementsAre("uart write 0 120"));
}

TEST_F(DevicesTest, TellTheirLineWhenTheyAreUsedOtherwise) {
    devices.lock().lock();
    uart.level = true;
    devices.refresh_line(uart);
    devices.lock().unlock();
    EXPECT_THAT(history.take(), ElementsAre("line 10 up"));
}

TEST_F(DevicesTest, DriveTheirLinesOnceAllAreReset) {
    uart.level = dog.level = true;
    devices.lock().lock();
    devices.reset();
    devices.lock().unlock();
    EXPECT_THAT(history.take(),
                ElementsAre("controller reset", "uart reset", "dog reset", "line 10 down", "line 11 down"));
}

TEST_F(DevicesTest, AreLookedAtWhenTheTimeComes) {
    EXPECT_FALSE(devices.expire());
    EXPECT_THAT(history.take(), IsEmpty());
    dog.effect = Effect::line | Effect::deadline;
    dog.level = true;
    dog.due = 700;
    EXPECT_FALSE(devices.expire());
    EXPECT_THAT(history.take(), ElementsAre("line 11 up", "deadline 700"));
    dog.effect = Effect::reset;
    EXPECT_TRUE(devices.expire());
    uart.effect = Effect::reset;
    EXPECT_TRUE(devices.expire()) << "whichever it is";
    EXPECT_FALSE(devices.expire());
}

}  // namespace
}  // namespace mullion
