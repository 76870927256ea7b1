// SPDX-License-Identifier: Apache-2.0
// Shares a hart's timer, which has one comparator, among the things in the hypervisor that wait for a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mullion {

enum class Alarm : std::uint8_t {
    console,  ///< the guest's output is to be moved on, or an unfinished line shown
    lines,    ///< likewise Mullion's own lines, which this hart printed
    input,    ///< typed bytes that were left in the UART, or dropped
    life,     ///< the guest is to start, or its watchdog may have expired
    stop,     ///< it was asked to end, and more is to be said or done
};

/// Alarms whose time has come.
class DueAlarms {
 public:
    constexpr void add(Alarm alarm) { bits_ |= bit(alarm); }
    constexpr bool has(Alarm alarm) const { return (bits_ & bit(alarm)) != 0; }

    constexpr bool operator==(const DueAlarms&) const = default;

 private:
    static constexpr std::uint32_t bit(Alarm alarm) { return std::uint32_t{1} << static_cast<unsigned>(alarm); }

    std::uint32_t bits_ = 0;
};

/// Of one hart, used by that hart alone. Times are ticks of `time`.
class Alarms {
 public:
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    /// Sets an alarm, in place of its earlier time. Returns when the timer is due.
    constexpr std::uint64_t set(Alarm alarm, std::uint64_t time) {
        at_[static_cast<std::size_t>(alarm)] = time;
        return next();
    }

    constexpr std::uint64_t at(Alarm alarm) const { return at_[static_cast<std::size_t>(alarm)]; }
    constexpr std::uint64_t next() const { return std::ranges::min(at_); }

    /// Returns the alarms whose time has come, each of them once.
    constexpr DueAlarms take(std::uint64_t now) {
        DueAlarms due;
        for (std::size_t i = 0; i < at_.size(); ++i) {
            if (at_[i] <= now) {
                at_[i] = never;
                due.add(static_cast<Alarm>(i));
            }
        }
        return due;
    }

 private:
    std::array<std::uint64_t, 5> at_{never, never, never, never, never};
};

}  // namespace mullion
