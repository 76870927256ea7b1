// SPDX-License-Identifier: Apache-2.0
// The watchdog that a guest sees: that of Allwinner's A31 (`allwinner,sun6i-a31-wdt` in Linux's bindings), because
// every Linux distribution has a driver for it that needs nothing else. Five registers of 32 bits; all other offsets
// read zero and ignore what is written.
//
//   0x00 IRQ_EN   bit 0: the interrupt is enabled
//   0x04 IRQ_STA  bit 0: it is pending; write 1 to clear
//   0x10 CTRL     bit 0 with the key 0xa57 in bits 12:1: starts the interval anew; reads zero
//   0x14 CFG      bits 1:0: what happens at its end; 1 the system is reset, 2 an interrupt, else nothing
//   0x18 MODE     bit 0: the watchdog runs; bits 7:4: the interval
//
// Its clock is the `time` of the hart that asks.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace mullion {

/// What the end of an interval means.
enum class Bite : std::uint8_t { none, interrupt, reset };

/// Not synchronized: the caller holds the guest's device lock around every call. `now` never goes back.
class Watchdog {
 public:
    static constexpr std::uint32_t irq_en = 0x00, irq_sta = 0x04, ctrl = 0x10, cfg = 0x14, mode = 0x18;
    static constexpr std::uint32_t restart = 0xa57 << 1 | 1;  ///< for CTRL
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    /// `frequency`: ticks a second.
    constexpr explicit Watchdog(std::uint64_t frequency) : frequency_(frequency) {}

    /// Off, as after a reset.
    constexpr void reset() { *this = Watchdog{frequency_}; }

    constexpr std::uint32_t read(std::uint32_t offset) const {
        switch (offset) {
            case irq_en:
                return irq_en_;
            case irq_sta:
                return irq_sta_;
            case cfg:
                return cfg_;
            case mode:
                return mode_;
            default:
                return 0;
        }
    }

    constexpr void write(std::uint32_t offset, std::uint32_t value, std::uint64_t now) {
        switch (offset) {
            case irq_en:
                irq_en_ = value & 1;
                return;
            case irq_sta:
                irq_sta_ &= ~value;
                return;
            case ctrl:
                started_ = value == restart ? now : started_;
                return;
            case cfg:
                cfg_ = value & cfg_mask;
                return;
            case mode:
                // Only what starts it starts the interval: Linux's restart handler writes MODE again and again.
                started_ = runs() ? started_ : now;
                mode_ = value & mode_mask;
                return;
            default:
                return;
        }
    }

    /// When look() is due.
    constexpr std::uint64_t deadline() const { return runs() && acts() ? started_ + interval() : never; }

    /// The system is to be reset: true until reset(), unless the guest kicks it after all.
    constexpr bool resets(std::uint64_t now) const { return cfg_ == cfg_reset && now >= deadline(); }

    /// What the time has brought. An interrupt is taken note of, and the interval starts anew; a reset is the caller's.
    constexpr Bite look(std::uint64_t now) {
        if (resets(now)) {
            return Bite::reset;
        }
        if (now < deadline()) {
            return Bite::none;
        }
        irq_sta_ = 1;
        started_ = now;
        return Bite::interrupt;
    }

    /// The interrupt's wire.
    constexpr bool interrupt() const { return (irq_en_ & irq_sta_) != 0; }

 private:
    static constexpr std::uint32_t cfg_mask = 3, cfg_reset = 1, cfg_interrupt = 2;
    static constexpr std::uint32_t mode_mask = 0xf1, mode_en = 1;
    static constexpr unsigned interval_shift = 4;

    constexpr bool runs() const { return (mode_ & mode_en) != 0; }
    constexpr bool acts() const { return cfg_ == cfg_reset || cfg_ == cfg_interrupt; }

    /// Reserved values are the longest interval.
    constexpr std::uint64_t interval() const {
        constexpr std::array<std::uint8_t, 16> half_seconds{1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 32, 32, 32, 32};
        return half_seconds[mode_ >> interval_shift] * frequency_ / 2;
    }

    std::uint64_t frequency_;
    std::uint64_t started_ = 0;
    std::uint32_t irq_en_ = 0;
    std::uint32_t irq_sta_ = 0;
    std::uint32_t cfg_ = cfg_reset;
    std::uint32_t mode_ = 0;
};

}  // namespace mullion
