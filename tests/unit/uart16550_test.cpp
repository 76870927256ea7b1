// SPDX-License-Identifier: Apache-2.0
#include "vm/uart16550.hpp"

#include <gtest/gtest.h>

#include <string>

#include "uart16550_fixture.hpp"

namespace mullion {
namespace {

TEST_F(Uart16550Test, ResetValuesAreTheDataSheets) {
    expect_reset_values();
}

TEST_F(Uart16550Test, RegistersRepeat) {
    uart.write(8 + scr, 0xa5);
    EXPECT_EQ(uart.read(scr).value(), 0xa5U);
    EXPECT_EQ(uart.read(0xf8 + scr).value(), 0xa5U);
    uart.write(8, 'x');
    EXPECT_EQ(port.sent, "x");
}

TEST_F(Uart16550Test, RegistersLieApartAsTheShiftSays) {
    Uart16550<FakeSerialPort> wide{port, 2};
    wide.write(scr << 2, 0x5a);
    for (const std::uint32_t byte : {0U, 1U, 2U, 3U, 32U}) {
        EXPECT_EQ(wide.read((scr << 2) + byte).value(), 0x5aU) << byte;
    }
    EXPECT_EQ(wide.read(scr).value(), 0U) << "the second register";
}

TEST_F(Uart16550Test, AReadMakesRoomForWhatIsTyped) {
    port.waiting = {'a', 'b', ::mullion::uart::break_mark};
    uart.refresh();
    EXPECT_EQ(uart.read(data).value(), 'a') << "one without FIFOs";
    EXPECT_EQ(uart.read(data).value(), 'b');
    EXPECT_EQ(uart.read(lsr).value() & 0x11, 0x11) << "a break";
    EXPECT_TRUE(port.waiting.empty());
}

TEST_F(Uart16550Test, AWriteTellsWhatItLeavesToBeDone) {
    EXPECT_EQ(uart.write(ier, 0), Effect::line);
    EXPECT_EQ(uart.write(data, 'a'), Effect::line | Effect::output) << "THRE is pending from now on";
    EXPECT_EQ(uart.write(data, 'b'), Effect::output);
    port.news = false;
    EXPECT_EQ(uart.write(data, 'b'), Effect::none) << "somebody sees it out";
    port.room = 0;
    EXPECT_EQ(uart.write(data, 'c'), Effect::line) << "and now it is not";
    EXPECT_EQ(uart.write(data, 'd'), Effect::none) << "it overruns the transmitter";
}

TEST_F(Uart16550Test, AReadTellsWhetherItChangesTheLine) {
    uart.write(ier, 0x0f);
    for (const auto reg : {ier, lcr, mcr, lsr, scr}) {
        EXPECT_EQ(uart.read(reg).effect(), Effect::none) << reg;
    }
    EXPECT_EQ(uart.read(iir).effect(), Effect::line) << "the transmitter was empty";
    EXPECT_EQ(uart.read(iir).effect(), Effect::none);
    receive("a");
    EXPECT_EQ(uart.read(iir).effect(), Effect::none);
    EXPECT_EQ(uart.read(data).effect(), Effect::line);
    receive("b");
    EXPECT_FALSE(uart.receive('c'));
    EXPECT_EQ(uart.read(lsr).effect(), Effect::line) << "an overrun";
}

// What is typed must fill the room at once, whatever access made it: nobody calls receive() again for it.
TEST_F(Uart16550Test, RoomIsFilledAtOnceWithWhatIsTyped) {
    port.waiting = {'a', 'b', 'c', 'd', 'e'};
    uart.refresh();
    EXPECT_EQ(port.waiting.size(), 4U);
    EXPECT_EQ(uart.take_received(), 'a');
    EXPECT_EQ(port.waiting.size(), 3U);
    uart.write(mcr, 0x10);
    EXPECT_EQ(uart.read(data).value(), 'b');
    EXPECT_EQ(port.waiting.size(), 3U) << "not in loopback";
    uart.write(mcr, 0);
    EXPECT_EQ(port.waiting.size(), 2U);
    enable_fifos();
    EXPECT_TRUE(port.waiting.empty());
    EXPECT_EQ(uart.read(data).value(), 'd') << "the FIFO's enable bit empties the receiver";
}

TEST_F(Uart16550Test, ScratchKeepsWhatIsWritten) {
    uart.write(scr, 0xa5);
    EXPECT_EQ(uart.read(scr).value(), 0xa5);
}

TEST_F(Uart16550Test, InterruptEnableHasFourBits) {
    uart.write(ier, 0xff);
    EXPECT_EQ(uart.read(ier).value(), 0x0f);
    uart.write(ier, 0x00);
    EXPECT_EQ(uart.read(ier).value(), 0x00);
}

TEST_F(Uart16550Test, DivisorLatchHidesDataAndInterruptEnable) {
    uart.write(ier, 0x05);
    uart.write(lcr, 0x83);
    EXPECT_NE(uart.read(0).value() | uart.read(1).value() << 8, 0);  // drivers divide by it before they set it
    uart.write(0, 0x34);
    uart.write(1, 0x12);
    EXPECT_EQ(uart.read(0).value(), 0x34);
    EXPECT_EQ(uart.read(1).value(), 0x12);
    EXPECT_EQ(port.sent, "");
    uart.write(lcr, 0x03);
    EXPECT_EQ(uart.read(ier).value(), 0x05);
    EXPECT_EQ(uart.read(lcr).value(), 0x03);
}

TEST_F(Uart16550Test, FifoEnableShowsInIdentification) {
    EXPECT_EQ(uart.read(iir).value() >> 6, 0);
    enable_fifos();
    EXPECT_EQ(uart.read(iir).value(), 0xc1);
    uart.write(fcr, 0x00);
    EXPECT_EQ(uart.read(iir).value(), 0x01);
}

TEST_F(Uart16550Test, SixtyFourByteFifoOfTheSixteen750IsNotThere) {
    uart.write(fcr, 0x21);
    EXPECT_EQ(uart.read(iir).value() >> 5, 6);
}

TEST_F(Uart16550Test, LinuxLoopbackProbeFindsRtsAsCtsAndOut2AsDcd) {
    uart.write(mcr, 0x1a);
    EXPECT_EQ(uart.read(msr).value() & 0xf0, 0x90);
    uart.write(mcr, 0x15);
    EXPECT_EQ(uart.read(msr).value() & 0xf0, 0x60);
    uart.write(mcr, 0x00);
    EXPECT_EQ(uart.read(msr).value() & 0xf0, 0xb0);
}

TEST_F(Uart16550Test, ModemControlHasFiveBits) {
    uart.write(mcr, 0xef);
    EXPECT_EQ(uart.read(mcr).value(), 0x0f);
}

TEST_F(Uart16550Test, LoopbackReturnsCharactersAndSendsNone) {
    uart.write(mcr, 0x10);
    uart.write(data, 'x');
    EXPECT_EQ(port.sent, "");
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    EXPECT_EQ(uart.read(data).value(), 'x');
    EXPECT_EQ(uart.read(lsr).value(), 0x60);
}

TEST_F(Uart16550Test, GivesReceivedCharactersToAnotherReaderWhateverTheRegistersSay) {
    enable_fifos();
    receive("ab");
    uart.write(lcr, uart::lcr::dlab);
    EXPECT_EQ(uart.take_received(), 'a');
    uart.write(mcr, uart::mcr::loop);
    EXPECT_EQ(uart.take_received(), std::nullopt);
    uart.write(mcr, 0);
    EXPECT_EQ(uart.take_received(), 'b');
    EXPECT_EQ(uart.take_received(), std::nullopt);
}

TEST_F(Uart16550Test, LoopbackTakesNoCharacterFromOutside) {
    uart.write(mcr, 0x10);
    EXPECT_FALSE(uart.can_receive());
    EXPECT_FALSE(uart.receive('x'));
    EXPECT_EQ(uart.read(lsr).value(), 0x60);
}

TEST_F(Uart16550Test, RingIndicatorCountsOnlyItsEnd) {
    uart.write(mcr, 0x10);
    uart.read(msr);
    uart.write(mcr, 0x14);
    EXPECT_EQ(uart.read(msr).value(), 0x40);
    uart.write(mcr, 0x10);
    EXPECT_EQ(uart.read(msr).value(), 0x04);
}

TEST_F(Uart16550Test, PolledOutputGoesThrough) {
    for (const char c : std::string_view{"earlycon"}) {
        ASSERT_EQ(uart.read(lsr).value() & 0x60, 0x60);
        uart.write(data, static_cast<std::uint8_t>(c));
    }
    EXPECT_EQ(port.sent, "earlycon");
}

TEST_F(Uart16550Test, WithoutRoomTheTransmitterIsNotEmptyUntilReady) {
    port.room = 0;
    uart.write(data, 'a');
    EXPECT_EQ(uart.read(lsr).value() & 0x60, 0x00);
    uart.refresh();
    EXPECT_EQ(uart.read(lsr).value() & 0x60, 0x00);
    port.room = 1;
    uart.refresh();
    EXPECT_EQ(uart.read(lsr).value() & 0x60, 0x60);
    EXPECT_EQ(port.sent, "a");
}

TEST_F(Uart16550Test, SixteenCharactersWaitInOrderWhenThePortStops) {
    enable_fifos();
    port.room = 3;
    transmit("0123456789abcdefghi");
    EXPECT_EQ(port.sent, "012");
    port.room = SIZE_MAX;
    uart.refresh();
    EXPECT_EQ(port.sent, "0123456789abcdefghi");
}

TEST_F(Uart16550Test, TransmitterLosesWhatExceedsItsFifo) {
    enable_fifos();
    port.room = 0;
    transmit("0123456789abcdefX");
    port.room = SIZE_MAX;
    uart.refresh();
    EXPECT_EQ(port.sent, "0123456789abcdef");
}

TEST_F(Uart16550Test, WithoutFifosOneCharacterWaits) {
    port.room = 0;
    transmit("ab");
    port.room = SIZE_MAX;
    uart.refresh();
    EXPECT_EQ(port.sent, "a");
}

TEST_F(Uart16550Test, CharactersThatWaitAreNotOvertaken) {
    enable_fifos();
    port.room = 0;
    transmit("a");
    port.room = SIZE_MAX;
    transmit("b");
    EXPECT_EQ(port.sent, "");
    uart.refresh();
    EXPECT_EQ(port.sent, "ab");
}

TEST_F(Uart16550Test, ReceivedCharactersAreReadInOrder) {
    enable_fifos();
    receive("abc");
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    EXPECT_EQ(uart.read(data).value(), 'a');
    EXPECT_EQ(uart.read(data).value(), 'b');
    EXPECT_EQ(uart.read(data).value(), 'c');
    EXPECT_EQ(uart.read(lsr).value(), 0x60);
    EXPECT_EQ(uart.read(data).value(), 0);
}

TEST_F(Uart16550Test, ReceiverFullShowsOverrunOnceAndKeepsWhatItHad) {
    enable_fifos();
    receive("0123456789abcdef");
    EXPECT_FALSE(uart.can_receive());
    EXPECT_FALSE(uart.receive('X'));
    EXPECT_EQ(uart.read(lsr).value(), 0x63);
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    std::string got;
    while (uart.read(lsr).value() & 0x01) {
        got.push_back(static_cast<char>(uart.read(data).value()));
    }
    EXPECT_EQ(got, "0123456789abcdef");
    EXPECT_TRUE(uart.can_receive());
}

TEST_F(Uart16550Test, WithoutFifosOneCharacterIsReceived) {
    receive("a");
    EXPECT_FALSE(uart.can_receive());
    EXPECT_FALSE(uart.receive('b'));
}

TEST_F(Uart16550Test, ReceiverResetEmptiesTheReceiverAlone) {
    enable_fifos();
    port.room = 0;
    transmit("t");
    receive("r");
    uart.write(fcr, 0x03);
    EXPECT_EQ(uart.read(lsr).value(), 0x00);
    port.room = 1;
    uart.refresh();
    EXPECT_EQ(port.sent, "t");
}

TEST_F(Uart16550Test, TransmitterResetEmptiesTheTransmitterAlone) {
    enable_fifos();
    port.room = 0;
    uart.write(ier, 0x02);
    transmit("t");
    receive("r");
    uart.write(fcr, 0x05);
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    EXPECT_EQ(uart.read(iir).value(), 0xc2);
    port.room = 1;
    uart.refresh();
    EXPECT_EQ(port.sent, "");
}

TEST_F(Uart16550Test, ChangingFifoModeEmptiesBoth) {
    enable_fifos();
    port.room = 0;
    transmit("t");
    receive("r");
    uart.write(fcr, 0x00);
    EXPECT_EQ(uart.read(lsr).value(), 0x60);
}

TEST_F(Uart16550Test, BreakIsAZeroThatTheLineStatusTellsOfOnce) {
    EXPECT_TRUE(uart.receive(::mullion::uart::break_mark));
    EXPECT_EQ(uart.read(lsr).value(), 0x71);
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    EXPECT_EQ(uart.read(data).value(), 0x00);
    EXPECT_EQ(uart.read(lsr).value(), 0x60);
}

TEST_F(Uart16550Test, BreakShowsWhenItsCharacterIsNext) {
    enable_fifos();
    receive("a");
    EXPECT_TRUE(uart.receive(::mullion::uart::break_mark));
    receive("b");
    EXPECT_EQ(uart.read(lsr).value(), 0xe1);  // somewhere in the FIFO
    EXPECT_EQ(uart.read(data).value(), 'a');
    EXPECT_EQ(uart.read(lsr).value(), 0xf1);
    EXPECT_EQ(uart.read(lsr).value(), 0x61);
    EXPECT_EQ(uart.read(data).value(), 0x00);
    EXPECT_EQ(uart.read(data).value(), 'b');
}

TEST_F(Uart16550Test, BreakInterruptsAsLineStatus) {
    uart.write(ier, 0x04);
    EXPECT_TRUE(uart.receive(::mullion::uart::break_mark));
    EXPECT_EQ(uart.read(iir).value(), 0x06);
    uart.read(lsr);
    EXPECT_FALSE(uart.interrupt());
}

TEST_F(Uart16550Test, BreakIsNothingInLoopbackAndNoCharacterForWhoReadsNoRegisters) {
    enable_fifos();
    uart.receive(::mullion::uart::break_mark);
    receive("a");
    EXPECT_EQ(uart.take_received(), 'a');
    EXPECT_EQ(uart.take_received(), std::nullopt);
    uart.write(mcr, 0x10);
    EXPECT_FALSE(uart.receive(::mullion::uart::break_mark));
}

TEST_F(Uart16550Test, IsListenedToByWhoHasItsDataInterrupt) {
    EXPECT_FALSE(uart.is_listened_to());
    uart.write(ier, 0x0e);
    EXPECT_FALSE(uart.is_listened_to());
    uart.write(ier, 0x01);
    EXPECT_TRUE(uart.is_listened_to());
}

TEST_F(Uart16550Test, ResetForgetsEverything) {
    port.room = 0;
    enable_fifos(0x80);
    uart.write(ier, 0x0f);
    uart.write(mcr, 0x0b);
    uart.write(lcr, 0x03);
    transmit("t");
    receive("r");
    uart.reset();
    expect_reset_values();
}

}  // namespace
}  // namespace mullion
