// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "uart16550_fixture.hpp"
#include "vm/uart16550.hpp"

namespace mullion {
namespace {

using Uart16550Interrupts = Uart16550Test;

TEST_F(Uart16550Interrupts, ModemDeltasInterruptUntilModemStatusIsRead) {
    uart.write(mcr, 0x1f);
    uart.read(msr);
    uart.write(ier, 0x08);
    EXPECT_FALSE(uart.interrupt());
    uart.write(mcr, 0x10);
    EXPECT_TRUE(uart.interrupt());
    EXPECT_EQ(uart.read(iir).value(), 0x00);
    EXPECT_EQ(uart.read(msr).value(), 0x0f);
    EXPECT_FALSE(uart.interrupt());
    EXPECT_EQ(uart.read(msr).value(), 0x00);
}

TEST_F(Uart16550Interrupts, EnablingTransmitInterruptWithEmptyHoldingRegisterRaisesIt) {
    uart.write(ier, 0x02);
    EXPECT_TRUE(uart.interrupt());
    EXPECT_EQ(uart.read(iir).value(), 0x02);
    EXPECT_FALSE(uart.interrupt());
    EXPECT_EQ(uart.read(iir).value(), 0x01);
}

TEST_F(Uart16550Interrupts, LinuxTransmitInterruptProbeSeesItRaisedAgain) {
    uart.write(ier, 0x02);
    EXPECT_EQ(uart.read(iir).value() & 0x01, 0);
    uart.write(ier, 0x00);
    EXPECT_FALSE(uart.interrupt());
    uart.write(ier, 0x02);
    EXPECT_EQ(uart.read(iir).value() & 0x01, 0);
    uart.write(ier, 0x00);
}

TEST_F(Uart16550Interrupts, WritingTheSameInterruptEnableDoesNotRaiseAgain) {
    uart.write(ier, 0x02);
    uart.read(iir);
    uart.write(ier, 0x02);
    EXPECT_FALSE(uart.interrupt());
    uart.write(ier, 0x03);
    EXPECT_FALSE(uart.interrupt());
}

TEST_F(Uart16550Interrupts, TransmitInterruptComesWhenTheHoldingRegisterEmpties) {
    port.room = 0;
    uart.write(ier, 0x02);
    EXPECT_TRUE(uart.interrupt());
    uart.write(data, 'a');
    EXPECT_FALSE(uart.interrupt());  // cleared by the write, and it waits
    uart.refresh();
    EXPECT_FALSE(uart.interrupt());
    port.room = 1;
    uart.refresh();
    EXPECT_TRUE(uart.interrupt());
    uart.read(iir);
    uart.refresh();
    EXPECT_FALSE(uart.interrupt());  // nothing emptied
}

TEST_F(Uart16550Interrupts, TransmitInterruptFollowsACharacterThatLeavesAtOnce) {
    uart.write(ier, 0x02);
    uart.read(iir);
    uart.write(data, 'a');
    EXPECT_TRUE(uart.interrupt());
}

TEST_F(Uart16550Interrupts, EnablingTransmitInterruptWhileCharactersWaitDoesNotRaiseIt) {
    port.room = 0;
    uart.write(data, 'a');
    uart.write(ier, 0x02);
    EXPECT_FALSE(uart.interrupt());
}

TEST_F(Uart16550Interrupts, ReceiveInterruptStandsUntilTheDataIsRead) {
    uart.write(ier, 0x01);
    receive("a");
    EXPECT_EQ(uart.read(iir).value(), 0x04);
    EXPECT_TRUE(uart.interrupt());
    uart.read(data);
    EXPECT_FALSE(uart.interrupt());
}

TEST_F(Uart16550Interrupts, BelowTheTriggerLevelDataShowsAsTimeout) {
    enable_fifos(0x80);  // 8 characters
    uart.write(ier, 0x01);
    receive("1234567");
    EXPECT_EQ(uart.read(iir).value(), 0xcc);
    receive("8");
    EXPECT_EQ(uart.read(iir).value(), 0xc4);
    uart.read(data);
    EXPECT_EQ(uart.read(iir).value(), 0xcc);
}

TEST_F(Uart16550Interrupts, InterruptSourcesHaveTheDataSheetsPriority) {
    enable_fifos();
    uart.write(mcr, 0x10);
    for (int i = 0; i < 17; ++i) {
        uart.write(data, 'x');  // overrun, data; transmitter empty; the switch to loopback left modem deltas
    }
    uart.write(ier, 0x0f);
    EXPECT_EQ(uart.read(iir).value(), 0xc6);
    uart.read(lsr);
    EXPECT_EQ(uart.read(iir).value(), 0xc4);
    for (int i = 0; i < 16; ++i) {
        uart.read(data);
    }
    EXPECT_EQ(uart.read(iir).value(), 0xc2);
    EXPECT_EQ(uart.read(iir).value(), 0xc0);
    uart.read(msr);
    EXPECT_EQ(uart.read(iir).value(), 0xc1);
    EXPECT_FALSE(uart.interrupt());
}

TEST_F(Uart16550Interrupts, IdentificationOfAHigherSourceLeavesTheTransmitInterruptPending) {
    uart.write(ier, 0x03);
    receive("a");
    EXPECT_EQ(uart.read(iir).value(), 0x04);
    uart.read(data);
    EXPECT_EQ(uart.read(iir).value(), 0x02);
}

TEST_F(Uart16550Interrupts, SourcesThatAreNotEnabledDoNotInterrupt) {
    receive("a");
    uart.receive('b');
    EXPECT_FALSE(uart.interrupt());
    EXPECT_EQ(uart.read(iir).value(), 0x01);
}

/// Makes random accesses in any state: only those that say so change the interrupt line, and what is typed waits only
/// while there is no room.
TEST_F(Uart16550Interrupts, AnAccessThatLeavesTheLineAloneSaysSo) {
    std::minstd_rand random;
    int alone = 0;
    const auto expect = [&](Effect effect, bool before, const char* what, unsigned reg) {
        if (!has(effect, Effect::line)) {
            ASSERT_EQ(uart.interrupt(), before) << what << " register " << reg;
            ++alone;
        }
    };
    for (int i = 0; i < 100'000; ++i) {
        const auto value = static_cast<std::uint8_t>(random());
        port.room = random() % 4;
        switch (random() % 8) {
            case 0:
            case 1: {
                const auto reg = static_cast<unsigned>(random() % 8);
                const bool before = uart.interrupt();
                expect(uart.read(reg).effect(), before, "read", reg);
                break;
            }
            case 3:
                port.waiting.push_back(random() % 8 == 0 ? ::mullion::uart::break_mark : value);
                uart.fill();
                break;
            case 4:
                uart.take_received();
                break;
            case 2:
                uart.refresh();
                break;
            default: {
                const auto reg = random() % 2 == 0 ? data : static_cast<unsigned>(random() % 8);
                const bool before = uart.interrupt();
                expect(uart.write(reg, value), before, "write", reg);
            }
        }
        ASSERT_FALSE(HasFatalFailure()) << "after " << i;
        ASSERT_TRUE(!uart.can_receive() || port.waiting.empty()) << "after " << i;
    }
    EXPECT_GT(alone, 5'000);
}

TEST_F(Uart16550Interrupts, CharactersInARowLeaveTheLineAlone) {
    uart.write(ier, 0x02);
    EXPECT_EQ(uart.write(data, 'a'), Effect::output) << "it was up, and is";
    EXPECT_EQ(uart.read(iir).value(), 0x02) << "which ends it";
    EXPECT_EQ(uart.write(data, 'b'), Effect::line | Effect::output);
    EXPECT_EQ(uart.write(data, 'c'), Effect::output);
}

}  // namespace
}  // namespace mullion
