// SPDX-License-Identifier: Apache-2.0
// Emulates a guest's watchdog: that of Allwinner's A31 (`allwinner,sun6i-a31-wdt` in Linux's bindings), because every
// Linux distribution has its driver, which needs no other device. It has five 32-bit registers; other offsets read 0
// and ignore writes.
//
//   0x00 IRQ_EN   bit 0: the interrupt is enabled
//   0x04 IRQ_STA  bit 0: it is pending; write 1 to clear
//   0x10 CTRL     bit 0 with the key 0xa57 in bits 12:1: starts the interval anew; reads zero
//   0x14 CFG      bits 1:0: what happens at its end; 1 the system is reset, 2 an interrupt, else nothing
//   0x18 MODE     bit 0: the watchdog runs; bits 7:4: the interval
//
// Its clock is `time`.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "vm/emulated_device.hpp"

namespace mullion {

/// Requires: `now` never decreases.
template <class P>
concept ClockPort = requires(P& port) {
    { port.now() } -> std::same_as<std::uint64_t>;
};

/// Offsets of registers, and the key of CTRL.
namespace watchdog {
inline constexpr std::uint32_t irq_en = 0x00, irq_sta = 0x04, ctrl = 0x10, cfg = 0x14, mode = 0x18;
inline constexpr std::uint32_t restart = 0xa57 << 1 | 1;
}  // namespace watchdog

template <ClockPort Port>
class Watchdog final : public EmulatedDevice {
 public:
    /// `frequency` is in ticks per second.
    constexpr Watchdog(Port& port, std::uint64_t frequency) : port_(port), frequency_(frequency) {}

    /// Turns the watchdog off.
    constexpr void reset() override { s_ = {}; }

    constexpr Answer read(std::uint32_t offset) override {
        switch (offset) {
            case watchdog::irq_en:
                return s_.irq_en;
            case watchdog::irq_sta:
                return s_.irq_sta;
            case watchdog::cfg:
                return s_.cfg;
            case watchdog::mode:
                return s_.mode;
            default:
                return 0;
        }
    }

    constexpr Effect write(std::uint32_t offset, std::uint32_t value) override {
        set(offset, value);
        return Effect::line | Effect::deadline;
    }

    constexpr std::uint64_t deadline() const override { return runs() && acts() ? s_.started + interval() : never; }

    /// Handles the end of the interval: for an interrupt sets IRQ_STA and starts the interval anew; for a reset returns
    /// Effect::reset. The caller resets the guest, unless that kicks the watchdog before.
    constexpr Effect expire() override {
        const auto now = port_.now();
        if (now < deadline()) {
            return Effect::none;
        }
        if (s_.cfg == cfg_reset) {
            return Effect::reset;
        }
        s_.irq_sta = 1;
        s_.started = now;
        return Effect::line | Effect::deadline;
    }

    constexpr bool interrupt() const override { return (s_.irq_en & s_.irq_sta) != 0; }

 private:
    static constexpr std::uint32_t cfg_mask = 3, cfg_reset = 1, cfg_interrupt = 2;
    static constexpr std::uint32_t mode_mask = 0xf1, mode_en = 1;
    static constexpr unsigned interval_shift = 4;

    struct State {
        std::uint64_t started = 0;
        std::uint32_t irq_en = 0;
        std::uint32_t irq_sta = 0;
        std::uint32_t cfg = cfg_reset;
        std::uint32_t mode = 0;
    };

    constexpr void set(std::uint32_t offset, std::uint32_t value) {
        switch (offset) {
            case watchdog::irq_en:
                s_.irq_en = value & 1;
                return;
            case watchdog::irq_sta:
                s_.irq_sta &= ~value;
                return;
            case watchdog::ctrl:
                s_.started = value == watchdog::restart ? port_.now() : s_.started;
                return;
            case watchdog::cfg:
                s_.cfg = value & cfg_mask;
                return;
            case watchdog::mode:
                // Only the write that starts it starts the interval: Linux's restart handler writes MODE repeatedly.
                s_.started = runs() ? s_.started : port_.now();
                s_.mode = value & mode_mask;
                return;
            default:
                return;
        }
    }

    constexpr bool runs() const { return (s_.mode & mode_en) != 0; }
    constexpr bool acts() const { return s_.cfg == cfg_reset || s_.cfg == cfg_interrupt; }

    /// Returns the interval in ticks. Reserved values select the longest.
    constexpr std::uint64_t interval() const {
        constexpr std::array<std::uint8_t, 16> half_seconds{1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 32, 32, 32, 32};
        return half_seconds[s_.mode >> interval_shift] * frequency_ / 2;
    }

    Port& port_;
    std::uint64_t frequency_;
    State s_;
};

}  // namespace mullion
