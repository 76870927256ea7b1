// SPDX-License-Identifier: Apache-2.0
// What the hypervisor itself wants of a hart's timer: it has one comparator, and several things wait.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mullion {

enum class Alarm : std::uint8_t {
    console,  ///< an unfinished line is to be shown
    life,     ///< the guest is to start, or its watchdog may have expired
    stop,     ///< it was asked to end, and more is to be said or done
};

/// Of one hart, used by that hart alone. Times are ticks of `time`.
class Alarms {
 public:
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    /// The last one set counts. Returns when the timer is due.
    constexpr std::uint64_t set(Alarm alarm, std::uint64_t time) {
        at_[static_cast<std::size_t>(alarm)] = time;
        return next();
    }

    constexpr std::uint64_t next() const { return std::ranges::min(at_); }

    /// True, once, when the alarm's time has come.
    constexpr bool take(Alarm alarm, std::uint64_t now) {
        auto& at = at_[static_cast<std::size_t>(alarm)];
        if (now < at) {
            return false;
        }
        at = never;
        return true;
    }

 private:
    std::array<std::uint64_t, 3> at_{never, never, never};
};

}  // namespace mullion
