// SPDX-License-Identifier: Apache-2.0
// Emulates a guest's 16550A. Names of registers and bits, reset values and interrupt rules are those of the PC16550D
// data sheet (section 8, "Registers"). Characters take no time: baud rate, parity and framing do not exist, overruns
// and breaks are the only line errors, and the receiver's time-out has always expired.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "vm/emulated_device.hpp"

namespace mullion {

/// Where characters go and come from. `transmit` returns false without room; then the port's owner calls
/// Uart16550::refresh() as soon as there is some. `has_news` returns, once, whether something was transmitted that the
/// caller has to move on. `typed` returns the next character from outside, or uart::break_mark.
template <class P>
concept UartPort = requires(P& port, std::uint8_t byte) {
    { port.transmit(byte) } -> std::same_as<bool>;
    { port.has_news() } -> std::same_as<bool>;
    { port.typed() } -> std::same_as<std::optional<std::uint16_t>>;
};

namespace uart {

namespace reg {
inline constexpr unsigned rbr_thr_dll = 0, ier_dlm = 1, iir_fcr = 2, lcr = 3, mcr = 4, lsr = 5, msr = 6, scr = 7;
}
namespace ier {
inline constexpr std::uint8_t erbfi = 0x01, etbei = 0x02, elsi = 0x04, edssi = 0x08, all = 0x0f;
}
namespace iir {  // the four sources in falling priority, then "no interrupt pending"
inline constexpr std::uint8_t line_status = 0x06, data = 0x04, timeout = 0x0c, thre = 0x02, modem = 0x00, none = 0x01;
inline constexpr std::uint8_t fifos = 0xc0;
}  // namespace iir
namespace fcr {
inline constexpr std::uint8_t enable = 0x01, reset_receiver = 0x02, reset_transmitter = 0x04;
}
namespace lcr {
inline constexpr std::uint8_t dlab = 0x80;
}
namespace mcr {
inline constexpr std::uint8_t dtr = 0x01, rts = 0x02, out1 = 0x04, out2 = 0x08, loop = 0x10, all = 0x1f;
}
namespace lsr {
inline constexpr std::uint8_t dr = 0x01, oe = 0x02, bi = 0x10, thre = 0x20, temt = 0x40, in_fifo = 0x80;
}
namespace msr {
inline constexpr std::uint8_t teri = 0x04, cts = 0x10, dsr = 0x20, ri = 0x40, dcd = 0x80;
}

/// A break, a character of zeros with a mark, in the receiver's FIFO.
inline constexpr std::uint16_t break_mark = 0x100;

/// One direction's FIFO; in 16450 mode only its first place is used.
class Fifo {
 public:
    static constexpr std::size_t depth = 16;

    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    /// Returns the oldest byte. Requires: the FIFO is not empty.
    constexpr std::uint8_t front() const { return static_cast<std::uint8_t>(bytes_[first_]); }
    constexpr bool front_is_break() const { return !empty() && (bytes_[first_] & break_mark) != 0; }
    constexpr void clear_break() { bytes_[first_] &= 0xff; }
    constexpr bool has_break() const {
        for (std::size_t i = 0; i < size_; ++i) {
            if ((bytes_[(first_ + i) % depth] & break_mark) != 0) {
                return true;
            }
        }
        return false;
    }
    /// Adds a byte. Requires: the FIFO holds fewer than `depth` bytes.
    constexpr void push(std::uint16_t byte) {
        bytes_[(first_ + size_) % depth] = byte;
        ++size_;
    }
    constexpr void pop() {
        first_ = (first_ + 1) % depth;
        --size_;
    }

 private:
    std::array<std::uint16_t, depth> bytes_{};
    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
};

}  // namespace uart

/// An emulated 16550A. Its eight registers, `1 << reg_shift` bytes apart, repeat over its size.
template <UartPort P>
class Uart16550 final : public EmulatedDevice {
 public:
    constexpr explicit Uart16550(P& port, std::uint32_t reg_shift = 0) : port_(port), reg_shift_(reg_shift) {}

    constexpr Answer read(std::uint32_t offset) override {
        switch (reg_at(offset)) {
            case uart::reg::rbr_thr_dll:
                return divisor_access() ? Answer(s_.divisor & 0xff) : Answer(read_data(), Effect::line);
            case uart::reg::ier_dlm:
                return divisor_access() ? s_.divisor >> 8 : s_.ier;
            case uart::reg::iir_fcr:
                return read_identification();
            case uart::reg::lcr:
                return s_.lcr;
            case uart::reg::mcr:
                return s_.mcr;
            case uart::reg::lsr:
                return read_line_status();
            case uart::reg::msr:
                return {read_modem_status(), Effect::line};
            case uart::reg::scr:
                return s_.scr;
            default:
                return 0;
        }
    }

    constexpr Effect write(std::uint32_t offset, std::uint32_t value) override {
        return write_register(reg_at(offset), static_cast<std::uint8_t>(value));
    }

    /// Receives a character from outside, or uart::break_mark. Returns whether it was taken; if the receiver was full,
    /// it is lost as on hardware and LSR shows the overrun. To avoid that, call can_receive() first.
    constexpr bool receive(std::uint16_t character) { return !looped() && take_in(character); }
    /// Returns whether the guest reads the receiver by interrupt.
    constexpr bool is_listened_to() const { return (s_.ier & uart::ier::erbfi) != 0; }
    constexpr bool can_receive() const { return !looped() && s_.received.size() < capacity(); }
    /// Returns the oldest unread character from outside without going through the registers, whatever the guest has set
    /// there; nothing in loopback, where the receiver holds the guest's own characters.
    constexpr std::optional<std::uint8_t> take_received() {
        while (!looped() && s_.received.front_is_break()) {
            take_front();
        }
        return looped() || s_.received.empty() ? std::nullopt : std::optional{read_data()};
    }

    /// Takes typed characters as far as there is room. Called whenever room was made or something was typed.
    constexpr void fill() {
        while (can_receive()) {
            const auto typed = port_.typed();
            if (!typed) {
                return;
            }
            receive(*typed);
        }
    }

    /// Continues when the port has room again or something was typed.
    constexpr void refresh() {
        fill();
        if (s_.waiting.empty()) {
            return;
        }
        while (!s_.waiting.empty() && port_.transmit(s_.waiting.front())) {
            s_.waiting.pop();
        }
        s_.thre_pending = s_.waiting.empty();
    }

    /// Returns the level of INTR. MCR.OUT2 does not gate it: in a PC that is done outside of the 16550.
    constexpr bool interrupt() const override { return source() != uart::iir::none; }

    /// Resets the UART (master reset) and empties both FIFOs.
    constexpr void reset() override { s_ = {}; }

 private:
    struct State {
        uart::Fifo received;
        uart::Fifo waiting;          ///< to be transmitted when the port has room
        std::uint16_t divisor = 12;  ///< 9600 baud at 1.8432 MHz; never zero, drivers divide by it
        std::uint8_t ier = 0;
        std::uint8_t fcr = 0;
        std::uint8_t lcr = 0;
        std::uint8_t mcr = 0;
        std::uint8_t scr = 0;
        std::uint8_t msr_deltas = 0;
        bool overrun = false;
        bool thre_pending = false;
    };

    constexpr unsigned reg_at(std::uint32_t offset) const { return offset >> reg_shift_ & 7; }

    constexpr Effect write_register(unsigned reg, std::uint8_t value) {
        if (reg == uart::reg::rbr_thr_dll && !divisor_access()) {
            return write_data(value);
        }
        write_setting(reg, value);
        return Effect::line;
    }

    constexpr void write_setting(unsigned reg, std::uint8_t value) {
        switch (reg) {
            case uart::reg::rbr_thr_dll:
                return write_divisor(value, 0);
            case uart::reg::ier_dlm:
                return divisor_access() ? write_divisor(value, 8) : write_ier(value);
            case uart::reg::iir_fcr:
                return write_fifo_control(value);
            case uart::reg::lcr:
                s_.lcr = value;
                return;
            case uart::reg::mcr:
                return write_mcr(value);
            case uart::reg::scr:
                s_.scr = value;
                return;
            default:
                return;
        }
    }

    constexpr bool divisor_access() const { return (s_.lcr & uart::lcr::dlab) != 0; }
    constexpr bool fifos_enabled() const { return (s_.fcr & uart::fcr::enable) != 0; }
    constexpr bool looped() const { return (s_.mcr & uart::mcr::loop) != 0; }
    constexpr std::size_t capacity() const { return fifos_enabled() ? uart::Fifo::depth : 1; }
    constexpr std::size_t trigger_level() const {
        constexpr std::array<std::size_t, 4> levels{1, 4, 8, 14};  // FCR bits 7:6
        return levels[s_.fcr >> 6];
    }

    /// Returns the first interrupt source that is both enabled and pending (data sheet, table IV).
    constexpr std::uint8_t source() const {
        if ((s_.ier & uart::ier::elsi) != 0 && (s_.overrun || s_.received.front_is_break())) {
            return uart::iir::line_status;
        }
        if ((s_.ier & uart::ier::erbfi) != 0 && !s_.received.empty()) {
            const bool reached = !fifos_enabled() || s_.received.size() >= trigger_level();
            return reached ? uart::iir::data : uart::iir::timeout;
        }
        if ((s_.ier & uart::ier::etbei) != 0 && s_.thre_pending) {
            return uart::iir::thre;
        }
        if ((s_.ier & uart::ier::edssi) != 0 && s_.msr_deltas != 0) {
            return uart::iir::modem;
        }
        return uart::iir::none;
    }

    constexpr bool take_in(std::uint16_t byte) {
        if (s_.received.size() >= capacity()) {
            s_.overrun = true;
            return false;
        }
        s_.received.push(byte);
        return true;
    }

    constexpr std::uint8_t read_data() {
        if (s_.received.empty()) {
            return 0;
        }
        const auto byte = s_.received.front();
        take_front();
        return byte;
    }
    constexpr void take_front() {
        s_.received.pop();
        fill();
    }

    constexpr Answer read_identification() {
        const auto id = source();
        const std::uint32_t value = id | (fifos_enabled() ? uart::iir::fifos : 0);
        if (id != uart::iir::thre) {
            return value;
        }
        s_.thre_pending = false;
        return {value, Effect::line};
    }

    /// Returns LSR. A break shows while its character is the next one, until LSR was read.
    constexpr Answer read_line_status() {
        const unsigned room = s_.waiting.empty() ? uart::lsr::thre | uart::lsr::temt : 0;
        if (s_.received.empty() && !s_.overrun) {
            return room;
        }
        const bool is_break = s_.received.front_is_break();
        const auto status = room | (s_.received.empty() ? 0 : uart::lsr::dr) | (s_.overrun ? uart::lsr::oe : 0) |
                            (is_break ? uart::lsr::bi : 0) |
                            (fifos_enabled() && s_.received.has_break() ? uart::lsr::in_fifo : 0);
        s_.overrun = false;
        if (is_break) {
            s_.received.clear_break();
        }
        return {status, Effect::line};
    }

    /// Returns the four modem inputs: always ready, or in loopback the four outputs of MCR.
    constexpr std::uint8_t modem_lines() const {
        using namespace uart;
        if (!looped()) {
            return msr::dcd | msr::dsr | msr::cts;
        }
        return static_cast<std::uint8_t>(
            ((s_.mcr & mcr::rts) != 0 ? msr::cts : 0) | ((s_.mcr & mcr::dtr) != 0 ? msr::dsr : 0) |
            ((s_.mcr & mcr::out1) != 0 ? msr::ri : 0) | ((s_.mcr & mcr::out2) != 0 ? msr::dcd : 0));
    }

    constexpr std::uint8_t read_modem_status() {
        const auto status = static_cast<std::uint8_t>(modem_lines() | s_.msr_deltas);
        s_.msr_deltas = 0;
        return status;
    }

    constexpr void write_divisor(std::uint8_t value, unsigned shift) {
        s_.divisor = static_cast<std::uint16_t>((s_.divisor & ~(0xff << shift)) | value << shift);
    }

    /// Writes IER. Setting ETBEI while the THR is empty raises the interrupt again (drivers test for UARTs that do
    /// not).
    constexpr void write_ier(std::uint8_t value) {
        const bool enabling = (value & ~s_.ier & uart::ier::etbei) != 0;
        s_.ier = value & uart::ier::all;
        if (enabling) {
            s_.thre_pending = s_.waiting.empty();
        }
    }

    /// Writes THR. Most characters do not change the interrupt line.
    constexpr Effect write_data(std::uint8_t value) {
        const bool was_pending = std::exchange(s_.thre_pending, false);
        if (looped()) {
            take_in(value);
            s_.thre_pending = s_.waiting.empty();
            return Effect::line;
        }
        if (s_.waiting.empty() && port_.transmit(value)) {
            s_.thre_pending = true;
            return (was_pending ? Effect::none : Effect::line) | (port_.has_news() ? Effect::output : Effect::none);
        }
        if (s_.waiting.size() < capacity()) {
            s_.waiting.push(value);
        }
        return was_pending ? Effect::line : Effect::none;
    }

    /// Writes FCR. Changing the enable bit empties both FIFOs; without it the other bits are ignored.
    constexpr void write_fifo_control(std::uint8_t value) {
        const bool enable = (value & uart::fcr::enable) != 0;
        const bool both = enable != fifos_enabled();
        if (both || (enable && (value & uart::fcr::reset_receiver) != 0)) {
            s_.received = {};
        }
        if ((both || (enable && (value & uart::fcr::reset_transmitter) != 0)) && !s_.waiting.empty()) {
            s_.waiting = {};
            s_.thre_pending = true;
        }
        s_.fcr = enable ? value : 0;
        fill();
    }

    /// Writes MCR. MSR's delta bits are four below their lines; for RI only the trailing edge counts (TERI).
    constexpr void write_mcr(std::uint8_t value) {
        const auto before = modem_lines();
        s_.mcr = value & uart::mcr::all;
        const auto after = modem_lines();
        const auto changed = static_cast<std::uint8_t>((before ^ after) >> 4);
        s_.msr_deltas |= changed & ((after & uart::msr::ri) != 0 ? ~uart::msr::teri : 0xff);
        fill();
    }

    P& port_;
    std::uint32_t reg_shift_;
    State s_;
};

}  // namespace mullion
