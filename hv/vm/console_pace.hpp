// SPDX-License-Identifier: Apache-2.0
// Limits how often the console is moved on: while the UART takes nothing, and by one guest on behalf of others.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mullion {

/// Requires: the console lock is held. Times are ticks.
class Pace {
 public:
    constexpr explicit Pace(std::uint64_t frequency) : pause_(std::max<std::uint64_t>(frequency / 2000, 1)) {}

    /// Notes a look at the UART. `moved`: it took something, or had nothing to take. The time to the next look grows
    /// while nothing moves, so that a fast line is kept busy and a dead one costs little.
    void look(bool moved, std::uint64_t now) {
        moved_at_ = moved ? now : moved_at_;
        again_at_ = now + std::clamp((now - moved_at_) / 2, pause_, 8 * pause_);
    }
    /// Returns when to look again.
    std::uint64_t again_at() const { return again_at_; }

    /// Returns how long to rest after so many of `limit` steps for others.
    std::uint64_t rest_after(std::uint64_t steps, std::uint64_t limit) const { return steps * pause_ / limit; }

 private:
    std::uint64_t pause_;  ///< 0.5 ms, the shortest time between two looks
    std::uint64_t moved_at_ = 0;
    std::uint64_t again_at_ = 0;
};

}  // namespace mullion
