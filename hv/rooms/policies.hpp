// SPDX-License-Identifier: Apache-2.0
// What a guest's policy says of the ends of its lives: what follows, how often it may restart, and how the operator
// asks it to end.
#pragma once

#include <optional>

#include "core/policy.hpp"
#include "core/text.hpp"
#include "vm/hart_states.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/life/policies.hpp"
#include "vm/life/port.hpp"

namespace mullion {

/// Says what follows an end by the guest's policy, and counts a restart. Requires: the caller owns the life's state.
template <LifePort Port>
[[gnu::cold]] Action decide_by_policy(GuestLife& guest, const End& end, Port& port) {
    const auto asked = guest.asked->take();
    if (!end.cause || asked != Order::none) {
        guest.restarts->forget();
        return asked == Order::none ? end.wanted : action_of(asked);
    }
    const auto& policy = guest.guest.policy;
    const auto decision = guest.restarts->decide(policy, *end.cause, port.now(), port.frequency());
    if (decision.limit_reached) {
        const auto& limit = policy.to(*end.cause).limit;
        port.print_answer((Text{} << guest.guest.name << " was restarted " << limit.restarts
                                  << (limit.restarts == 1 ? " time in " : " times in ") << limit.seconds
                                  << " s: it stays off")
                              .view());
    }
    return decision.action;
}

/// Types the next key to a guest that was asked to end; returns how it ends if its time is over.
template <LifePort Port>
[[gnu::cold]] std::optional<End> end_if_late(GuestLife& guest, Port& port) {
    auto& asked = *guest.asked;
    const auto now = port.now();
    if (asked.is_late(now)) {
        const auto wanted = asked.take();
        port.notice((Text{} << guest.guest.name << " did not end in time").view());
        return end_of(wanted);
    }
    if (const auto key = asked.key(now)) {
        port.type_break(guest, *key);
    }
    port.set_alarm(Alarm::stop, asked.due());
    return std::nullopt;
}

/// Says whether the guest can hear that it is asked. A suspended guest hears its serial port, if it wants to be woken
/// by that.
template <LifePort Port>
bool listens(GuestLife& guest, LifeState state, Port& port) {
    if (guest.guest.policy.stop.request == StopRequest::software_event) {
        const auto* events = port.events();
        return state == LifeState::running && events != nullptr && events->interrupt_guest(guest.harts.front());
    }
    return port.listens_to_serial_port(guest) && !hsm::all_stopped(guest.harts);
}

/// Asks the guest to end by itself, and returns nothing; or returns how it ends: after a second order it is not asked.
template <LifePort Port>
[[gnu::cold]] std::optional<End> end_or_ask(GuestLife& guest, Order order, LifeState state, Port& port) {
    const auto& stop = guest.guest.policy.stop;
    if (stop.request == StopRequest::none || guest.asked->take() != Order::none) {
        return end_of(order);
    }
    if (!listens(guest, state, port)) {
        port.notice((Text{} << guest.guest.name << " cannot be asked to end: it does not listen").view());
        return end_of(order);
    }
    port.notice((Text{} << guest.guest.name << " is asked to end, and has " << stop.seconds << " s").view());
    guest.asked->begin(order, stop, port.now(), port.frequency());
    return end_if_late(guest, port);
}

template <LifePort Port>
inline constexpr Policies<Port> policies_of{decide_by_policy<Port>, end_or_ask<Port>, end_if_late<Port>};

}  // namespace mullion
