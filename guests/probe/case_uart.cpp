// SPDX-License-Identifier: Apache-2.0
// The 16550A (National Semiconductor PC16550D data sheet), as drivers find out what it is.
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

constexpr std::uint8_t loopback = 0x10;
constexpr std::uint8_t data_ready = 0x01;
constexpr std::uint8_t divisor_latch = 0x80;
constexpr std::uint8_t transmitter_empty_interrupt = 0x02;

void scratch_keeps_what_is_written() {
    for (unsigned value = 0; value < 256; ++value) {
        uart::write(uart::scratch, static_cast<std::uint8_t>(value));
        expect_equal("scratch", value, uart::read(uart::scratch));
    }
    uart::write(uart::scratch, 0);
}

void fifo_bits_tell_a_16550a() {
    uart::write(uart::iir_fcr, 0x01);
    expect_equal("IIR 7:6 with FIFOs", 0xc0, uart::read(uart::iir_fcr) & 0xc0);
    uart::write(uart::iir_fcr, 0x00);
    expect_equal("IIR 7:6 without FIFOs", 0x00, uart::read(uart::iir_fcr) & 0xc0);
    uart::write(uart::iir_fcr, 0x07);
}

/// In loopback DTR, RTS, OUT1, OUT2 come back as DSR, CTS, RI, DCD.
void loopback_returns_modem_lines() {
    const auto before = uart::read(uart::mcr);
    uart::write(uart::mcr, loopback | 0x0a);
    expect_equal("MSR with RTS and OUT2", 0x90, uart::read(uart::msr) & 0xf0);
    uart::write(uart::mcr, loopback | 0x05);
    expect_equal("MSR with DTR and OUT1", 0x60, uart::read(uart::msr) & 0xf0);
    uart::write(uart::mcr, before);
}

void loopback_returns_data() {
    const auto before = uart::read(uart::mcr);
    uart::write(uart::mcr, loopback);
    uart::write(uart::iir_fcr, 0x07);
    for (const std::uint8_t value : {0x00, 0x55, 0xaa, 0xff}) {
        uart::write(uart::data, value);
        expect("data ready", wait_until([] { return (uart::read(uart::lsr) & data_ready) != 0; }));
        expect_equal("data", value, uart::read(uart::data));
    }
    uart::write(uart::mcr, before);
    uart::write(uart::iir_fcr, 0x07);
}

void divisor_latch_is_apart() {
    const auto format = uart::read(uart::lcr);
    uart::write(uart::lcr, static_cast<std::uint8_t>(format | divisor_latch));
    const auto low = uart::read(uart::data);
    const auto high = uart::read(uart::ier);
    uart::write(uart::data, 0x5a);
    uart::write(uart::ier, 0x01);
    expect_equal("divisor low", 0x5a, uart::read(uart::data));
    expect_equal("divisor high", 0x01, uart::read(uart::ier));
    uart::write(uart::data, low);
    uart::write(uart::ier, high);
    uart::write(uart::lcr, format);
    expect_equal("line control", format, uart::read(uart::lcr));
}

void transmitter_interrupt_is_identified_once() {
    uart::write(uart::ier, 0);
    expect_equal("IIR without an interrupt", 1, uart::read(uart::iir_fcr) & 0xf);
    uart::write(uart::ier, transmitter_empty_interrupt);
    expect_equal("IIR when enabled", 2, uart::read(uart::iir_fcr) & 0xf);
    expect_equal("IIR after it was read", 1, uart::read(uart::iir_fcr) & 0xf);
    uart::write(uart::ier, 0);
}

/// The harness looks for the line.
void polled_output_prints() {
    for (const char c : std::string_view{"probe: by the uart\n"}) {
        expect("transmitter empty", wait_until(uart::is_transmitter_empty));
        uart::write(uart::data, static_cast<std::uint8_t>(c));
    }
}

/// Breaks arrive, each followed by a character, as a kernel's SysRq expects them; 'o' powers off.
void breaks_are_told() {
    constexpr std::uint8_t break_seen = 0x10;
    uart::write(uart::iir_fcr, 1);
    uart::write(uart::ier, 1);
    print("probe: ", case_name(), " waits");
    while (true) {
        const auto wait_for = [](std::uint8_t bits) {
            while (true) {
                const auto status = uart::read(uart::lsr);
                if ((status & bits) == bits) {
                    return status;
                }
                sleep(machine().ticks_per_second / 100);
            }
        };
        const auto status = wait_for(data_ready);
        const auto zero = uart::read(uart::data);
        expect("a break", (status & break_seen) != 0 && zero == 0);
        wait_for(data_ready);
        const char key = static_cast<char>(uart::read(uart::data));
        print("probe: break and ", std::string_view{&key, 1});
        if (key == 'o') {
            sbi::call(sbi::srst, 0, {0, 0});
        }
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"uart.scratch", scratch_keeps_what_is_written},
    Case{"uart.fifo", fifo_bits_tell_a_16550a},
    Case{"uart.loopback-lines", loopback_returns_modem_lines},
    Case{"uart.loopback-data", loopback_returns_data},
    Case{"uart.divisor", divisor_latch_is_apart},
    Case{"uart.interrupt", transmitter_interrupt_is_identified_once},
    Case{"uart.output", polled_output_prints},
    Case{"uart.sysrq", breaks_are_told, When::by_name},
};

}  // namespace

}  // namespace probe
