// SPDX-License-Identifier: Apache-2.0
// What a guest's policy says when one of its lives ends: the limit of restarts needs a memory of earlier ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/policy.hpp"

namespace mullion {

struct Decision {
    Action action = Action::stay_off;
    bool limit_reached = false;  ///< `stay_off`, though the policy says restart

    constexpr bool operator==(const Decision&) const = default;
};

/// Of one guest. Only the hart that ends the guest's life calls it.
class Restarts {
 public:
    /// `now` in ticks, of which `frequency` are a second. The policy obeys core/check.hpp. A restart that is granted
    /// counts.
    constexpr Decision decide(const Policy& policy, Cause cause, std::uint64_t now, std::uint64_t frequency) {
        const auto& reaction = policy.to(cause);
        if (reaction.action != Action::restart || reaction.limit.is_none()) {
            return {reaction.action, false};
        }
        auto& history = histories_[static_cast<std::size_t>(cause)];
        const auto restarts = reaction.limit.restarts;
        auto& oldest = history.at[history.count % restarts];
        if (history.count >= restarts && now - oldest < reaction.limit.seconds * frequency) {
            return {Action::stay_off, true};
        }
        oldest = now;
        ++history.count;
        return {Action::restart, false};
    }

    /// Forgets earlier restarts, when the operator starts the guest.
    constexpr void forget() { histories_ = {}; }

 private:
    /// The latest restarts: a ring of as many as the limit allows.
    struct History {
        std::array<std::uint64_t, RestartLimit::max_restarts> at{};
        std::uint64_t count = 0;
    };

    std::array<History, cause_count> histories_{};
};

}  // namespace mullion
