// SPDX-License-Identifier: Apache-2.0
// Knows of a guest that was asked to end what is left to be said to it, and how long it has.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/policy.hpp"
#include "vm/life/states.hpp"

namespace mullion {

/// Of one guest; for the owner of its life's state alone. Times are ticks of `time`.
class Asked {
 public:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    /// `wanted` is what follows its end: Order::off or Order::restart. The stop obeys core/check_policy.hpp.
    constexpr void begin(Order wanted, const Stop& stop, std::uint64_t now, std::uint64_t frequency) {
        *this = {};
        wanted_ = wanted;
        frequency_ = frequency;
        begun_ = now;
        deadline_ = now + stop.seconds * frequency;
        keys_ = stop.request == StopRequest::sysrq ? sysrq_keys.size() : 0;
    }

    /// Returns what follows the end; Order::none if nothing was asked.
    constexpr Order wanted() const { return wanted_; }

    /// Forgets that the guest was asked, and returns what follows.
    constexpr Order take() {
        const auto wanted = wanted_;
        *this = {};
        return wanted;
    }

    /// Returns the next of Linux's SysRq keys, once, when its time has come: Linux only begins the work in its
    /// handlers, so each has a second.
    constexpr std::optional<std::uint8_t> key(std::uint64_t now) {
        if (now < key_due()) {
            return std::nullopt;
        }
        return sysrq_keys[said_++];
    }

    constexpr bool is_late(std::uint64_t now) const { return now >= deadline_; }

    /// Returns when the next key or the end is due.
    constexpr std::uint64_t due() const { return std::min(key_due(), deadline_); }

 private:
    /// Sync, remount read-only, power off (Linux, Documentation/admin-guide/sysrq.rst).
    static constexpr std::array<std::uint8_t, 3> sysrq_keys{'s', 'u', 'o'};

    constexpr std::uint64_t key_due() const { return said_ == keys_ ? never : begun_ + said_ * frequency_; }

    Order wanted_ = Order::none;
    std::uint64_t frequency_ = 0;
    std::uint64_t begun_ = 0;
    std::uint64_t deadline_ = never;
    std::size_t keys_ = 0;
    std::size_t said_ = 0;
};

}  // namespace mullion
