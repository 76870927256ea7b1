// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for when guests start and what follows when they end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/description.hpp"
#include "core/finding.hpp"

namespace mullion::law {

/// Calls `tell(rule, item)` for each breach by one guest's limits.
template <class Tell>
constexpr void check_limits(const Policy& policy, Tell tell) {
    for (const auto cause : {Cause::shutdown, Cause::reboot, Cause::crash, Cause::watchdog}) {
        const auto& [action, limit] = policy.to(cause);
        if (limit.is_none()) {
            continue;
        }
        if (action != Action::restart) {
            tell(Rule::limit_without_restart, static_cast<std::uint32_t>(cause));
        }
        if (limit.restarts == 0 || limit.restarts > RestartLimit::max_restarts || limit.seconds == 0 ||
            limit.seconds > RestartLimit::max_seconds) {
            tell(Rule::limit_invalid, static_cast<std::uint32_t>(cause));
        }
    }
}

template <class Tell>
constexpr void check_stop(const Stop& stop, Tell tell) {
    const bool in_range = stop.seconds >= Stop::min_seconds && stop.seconds <= Stop::max_seconds;
    if (stop.request == StopRequest::none ? stop.seconds != 0 : !in_range) {
        tell(Rule::stop_timeout_invalid, 0);
    }
}

/// Returns whether `index` is the first guest of a ring, in which each waits for the next one's start. So each ring is
/// reported once.
constexpr bool begins_ring(std::span<const Guest> guests, std::uint32_t index) {
    auto at = index;
    for (std::size_t step = 0; step < guests.size(); ++step) {
        at = guests[at].policy.start.after;
        if (at == index) {
            return true;
        }
        if (at >= guests.size() || at < index) {
            return false;
        }
    }
    return false;
}

template <class Tell>
constexpr void check_start(std::span<const Guest> guests, std::uint32_t index, Tell tell) {
    const auto& start = guests[index].policy.start;
    const bool ordered = start.after != StartOrder::at_boot;
    if (start.by_operator && (ordered || start.delay_ms != 0)) {
        tell(Rule::start_contradicts, 0);
    }
    if (ordered && start.after >= guests.size()) {
        tell(Rule::start_after_unknown, 0);
    } else if (begins_ring(guests, index)) {
        tell(Rule::start_in_a_ring, 0);
    }
}

}  // namespace mullion::law
