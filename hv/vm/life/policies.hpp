// SPDX-License-Identifier: Apache-2.0
// Declares how guests' policies decide what follows the end of a life. A description may leave them out
// (core/services.hpp); rooms/policies.hpp has them.
#pragma once

#include <optional>
#include <string_view>

#include "core/policy.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/life/states.hpp"

namespace mullion {

/// How a life ends: by a cause, and the guest's policy decides what follows, or by the operator, who has decided.
struct End {
    std::string_view how;
    std::optional<Cause> cause;
    Action wanted = Action::stay_off;  ///< where there is no cause

    bool is_failure() const { return cause == Cause::crash || cause == Cause::watchdog; }
};

constexpr Action action_of(Order order) {
    return order == Order::restart ? Action::restart : Action::stay_off;
}

inline End end_of(Order order) {
    return {order == Order::restart ? "is restarted" : "is switched off", std::nullopt, action_of(order)};
}

/// On a hart of the guest that owns the state of its life.
template <class Port>
struct Policies {
    /// Decides what follows an end, and counts a restart.
    Action (*decide)(GuestLife& guest, const End& end, Port& port);
    /// Asks the guest to end by itself, and returns nothing; or returns how the operator's order ends it.
    std::optional<End> (*end_or_ask)(GuestLife& guest, Order order, LifeState state, Port& port);
    /// Tells a guest that was asked what is to be said next; or returns how it ends, as its time is over.
    std::optional<End> (*end_if_late)(GuestLife& guest, Port& port);
};

}  // namespace mullion
