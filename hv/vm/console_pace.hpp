// SPDX-License-Identifier: Apache-2.0
// How often the console is moved on: by a UART that takes nothing for a while, and on behalf of others.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mullion {

/// Under the console lock. Times are ticks.
class Pace {
 public:
    constexpr explicit Pace(std::uint64_t frequency) : pause_(std::max<std::uint64_t>(frequency / 2000, 1)) {}

    /// The UART was looked at; `moved`: it took something, or there was nothing to take. A fast line is kept busy, and
    /// a dead one costs little.
    void look(bool moved, std::uint64_t now) {
        moved_at_ = moved ? now : moved_at_;
        again_at_ = now + std::clamp((now - moved_at_) / 2, pause_, 8 * pause_);
    }
    /// When it is to be looked at again.
    std::uint64_t again_at() const { return again_at_; }

    /// How long who has made that many of `limit` steps for others makes none.
    std::uint64_t rest_after(std::uint64_t steps, std::uint64_t limit) const { return steps * pause_ / limit; }

 private:
    std::uint64_t pause_;  ///< the shortest time between two looks, 0.5 ms
    std::uint64_t moved_at_ = 0;
    std::uint64_t again_at_ = 0;
};

}  // namespace mullion
