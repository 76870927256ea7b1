// SPDX-License-Identifier: Apache-2.0
// Drives a 16550, as the interface of arch/uart.hpp has it. Line speed and format stay what firmware left.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mullion::arch::uart {

/// The registers of a UART by number, whatever their width and how far apart they are.
template <class T>
concept UartRegisters = requires(const T& registers, unsigned number, std::uint8_t value) {
    { registers.load(number) } -> std::same_as<std::uint8_t>;
    registers.store(number, value);
};

namespace ns16550 {

inline constexpr unsigned data = 0;
inline constexpr unsigned interrupt_enable = 1;
inline constexpr unsigned interrupt_identification = 2;  ///< loaded
inline constexpr unsigned fifo_control = 2;              ///< stored
inline constexpr unsigned line_control = 3;
inline constexpr unsigned modem_control = 4;
inline constexpr unsigned line_status = 5;

inline constexpr std::uint8_t receive_interrupt = 1 << 0;
inline constexpr std::uint8_t fifos_work = 3 << 6;  ///< a 16550's FIFOs without its defect
inline constexpr std::uint8_t fifos_emptied = 0x07;
inline constexpr std::uint8_t modem_ready = 0x0b;  ///< DTR, RTS, and OUT2, which lets interrupts out
inline constexpr std::uint8_t data_ready = 1 << 0;
inline constexpr std::uint8_t holding_register_empty = 1 << 5;
inline constexpr std::uint8_t transmitter_empty = 1 << 6;

}  // namespace ns16550

/// `enabled`: bits of the interrupt enable register that stay set.
template <UartRegisters Registers, std::uint8_t enabled = 0>
class Ns16550 {
 public:
    explicit constexpr Ns16550(Registers registers = {}) : registers_(registers) {}

    void initialise() {
        registers_.store(ns16550::fifo_control, ns16550::fifos_emptied);
        const auto id = registers_.load(ns16550::interrupt_identification);
        behind_first_ = (id & ns16550::fifos_work) == ns16550::fifos_work ? 15 : 0;
        registers_.store(ns16550::modem_control, ns16550::modem_ready);
        listen(true);
    }

    std::size_t room() { return has(ns16550::holding_register_empty) ? 1 + behind_first_ : 0; }

    bool is_idle() { return has(ns16550::transmitter_empty); }

    void send(std::span<const std::uint8_t> bytes) {
        for (const auto byte : bytes) {
            registers_.store(ns16550::data, byte);
        }
    }

    std::optional<std::uint8_t> receive() {
        return has(ns16550::data_ready) ? std::optional{registers_.load(ns16550::data)} : std::nullopt;
    }

    void listen(bool on) {
        registers_.store(ns16550::interrupt_enable,
                         static_cast<std::uint8_t>(enabled | (on ? ns16550::receive_interrupt : 0)));
    }

 protected:
    bool has(std::uint8_t status) { return (registers_.load(ns16550::line_status) & status) != 0; }

    [[no_unique_address]] Registers registers_;

 private:
    std::size_t behind_first_ = 0;  ///< bytes that the transmitter, when it is empty, takes after the first
};

}  // namespace mullion::arch::uart
