// SPDX-License-Identifier: Apache-2.0
#include "arch/uart.hpp"

#include "arch/mmio.hpp"
#include "core/tables.hpp"
#include "core/wait.hpp"

namespace mullion::arch::uart {
namespace {

enum class Register : unsigned {
    data = 0,
    interrupt_enable = 1,
    interrupt_identification = 2,
    fifo_control = 2,
    modem_control = 4,
    line_status = 5
};

constexpr std::uint8_t receive_interrupt = 1 << 0;
constexpr std::uint8_t fifos_work = 3 << 6;  // a 16550's FIFOs without its defect
constexpr std::uint8_t data_ready = 1 << 0;
constexpr std::uint8_t holding_register_empty = 1 << 5;
constexpr std::uint8_t transmitter_empty = 1 << 6;

/// Bytes that the transmitter, when it is empty, takes after the first: found at boot.
std::size_t behind_first = 0;

Hpa at(Register reg) {
    const auto& uart = description.board.uart;
    return uart.base + (std::uint64_t{static_cast<unsigned>(reg)} << uart.reg_shift);
}

}  // namespace

// Line speed and format stay what firmware left.
void initialise() {
    store<std::uint8_t>(at(Register::fifo_control), 0x07);
    const bool has_fifos = (load<std::uint8_t>(at(Register::interrupt_identification)) & fifos_work) == fifos_work;
    behind_first = has_fifos ? 15 : 0;
    store<std::uint8_t>(at(Register::modem_control), 0x0b);
    store<std::uint8_t>(at(Register::interrupt_enable), receive_interrupt);
}

std::size_t room() {
    return (load<std::uint8_t>(at(Register::line_status)) & holding_register_empty) != 0 ? 1 + behind_first : 0;
}

bool is_idle() {
    return (load<std::uint8_t>(at(Register::line_status)) & transmitter_empty) != 0;
}

void send(std::span<const std::uint8_t> bytes) {
    const auto data = at(Register::data);
    for (const auto byte : bytes) {
        store<std::uint8_t>(data, byte);
    }
}

std::optional<std::uint8_t> receive() {
    if ((load<std::uint8_t>(at(Register::line_status)) & data_ready) == 0) {
        return std::nullopt;
    }
    return load<std::uint8_t>(at(Register::data));
}

void listen(bool on) {
    store<std::uint8_t>(at(Register::interrupt_enable), on ? receive_interrupt : std::uint8_t{0});
}

void print_now(std::string_view text) {
    for (const char c : text) {
        // A dead line must not turn a report into a silent hang: each byte waits a bounded time.
        int tries = 0;
        await_machine<Wait::dying>([] { return room() != 0; }, [&tries] { return ++tries > 100'000; }, [] {});
        store<std::uint8_t>(at(Register::data), static_cast<std::uint8_t>(c));
    }
}

void print_hex_now(std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    print_now("0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        print_now(digits.substr(value >> shift & 15, 1));
    }
}

}  // namespace mullion::arch::uart
