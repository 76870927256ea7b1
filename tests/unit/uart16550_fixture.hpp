// SPDX-License-Identifier: Apache-2.0
// Provides an emulated 16550 on a port that records, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "vm/uart16550.hpp"

namespace mullion {

struct FakeSerialPort {
    std::size_t room = SIZE_MAX;
    bool news = true;
    std::string sent;
    std::deque<std::uint16_t> waiting;  // typed, and not yet taken

    std::optional<std::uint16_t> typed() {
        if (waiting.empty()) {
            return std::nullopt;
        }
        const auto first = waiting.front();
        waiting.pop_front();
        return first;
    }

    bool has_news() const { return news; }
    bool transmit(std::uint8_t byte) {
        if (room == 0) {
            return false;
        }
        --room;
        sent.push_back(static_cast<char>(byte));
        return true;
    }
};

class Uart16550Test : public ::testing::Test {
 protected:
    static constexpr unsigned data = uart::reg::rbr_thr_dll, ier = uart::reg::ier_dlm, iir = uart::reg::iir_fcr,
                              fcr = uart::reg::iir_fcr, lcr = uart::reg::lcr, mcr = uart::reg::mcr,
                              lsr = uart::reg::lsr, msr = uart::reg::msr, scr = uart::reg::scr;

    FakeSerialPort port;
    Uart16550<FakeSerialPort> uart{port};

    void enable_fifos(std::uint8_t trigger = 0) { uart.write(fcr, 0x01 | trigger); }
    void expect_reset_values() {
        EXPECT_EQ(uart.read(ier).value(), 0x00);
        EXPECT_EQ(uart.read(iir).value(), 0x01);
        EXPECT_EQ(uart.read(lcr).value(), 0x00);
        EXPECT_EQ(uart.read(mcr).value(), 0x00);
        EXPECT_EQ(uart.read(lsr).value(), 0x60);
        EXPECT_EQ(uart.read(msr).value(), 0xb0);
        EXPECT_FALSE(uart.interrupt());
    }
    void receive(std::string_view text) {
        for (const char c : text) {
            ASSERT_TRUE(uart.receive(static_cast<std::uint8_t>(c)));
        }
    }
    void transmit(std::string_view text) {
        for (const char c : text) {
            uart.write(data, static_cast<std::uint8_t>(c));
        }
    }
};

}  // namespace mullion
