// SPDX-License-Identifier: Apache-2.0
// What is asked of a guest from outside, by the operator or by time, and who obeys.
#pragma once

#include <optional>

#include "core/text.hpp"
#include "vm/life/begin.hpp"
#include "vm/life/end.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/life/lifecycle.hpp"
#include "vm/life/policies.hpp"
#include "vm/life/port.hpp"

namespace mullion {

template <SendPort Port>
void send_attention_to_all(const GuestLife& guest, Port& port) {
    for (auto& vcpu : guest.harts) {
        port.send(vcpu, Message::attention);
    }
}

/// Gives a guest the operator's order to restart or to end, on any hart of the machine. Where its policy says how, the
/// guest is asked first, and has some time; a second order ends it at once.
template <SendPort Port>
void order(GuestLife& guest, Order what, Port& port) {
    guest.life.give(what);
    send_attention_to_all(guest, port);
}

/// Gives the guest an order if its start or its watchdog is due. On one of its harts, whose alarm has come.
template <OrderPort Port>
void take_life_alarm(GuestLife& guest, Port& port) {
    if (guest.life.state() == LifeState::waiting) {
        if (port.now() < guest.start_at.load(std::memory_order_seq_cst)) {
            return;
        }
        guest.life.offer(Order::turn);
    } else if (port.watchdog_resets(guest)) {
        guest.life.offer(Order::due);
    } else {
        return;
    }
    send_attention_to_all(guest, port);
}

/// Has a hart of the guest look whether something ends it (end_by()), on any hart of the machine.
template <SendPort Port>
void offer_end(GuestLife& guest, Port& port) {
    guest.life.offer(Order::due);
    send_attention_to_all(guest, port);
}

/// Returns how an order ends a guest that runs or is suspended; nothing where it comes too late.
template <LifePort Port>
std::optional<End> end_by(GuestLife& guest, Order order, LifeState state, Port& port) {
    const auto* policies = port.policies();
    switch (order) {
        case Order::restart:
        case Order::off:
            return policies != nullptr ? policies->end_or_ask(guest, order, state, port) : end_of(order);
        case Order::due:
            // The guest may have kicked its watchdog after all, or have begun another life.
            if (port.watchdog_resets(guest)) {
                return End{"did not kick its watchdog in time", Cause::watchdog};
            }
            if (port.dma_ends(guest)) {
                return End{"is switched off, as its policy's on-dma-fault says", std::nullopt};
            }
            return policies != nullptr ? policies->end_if_late(guest, port) : std::nullopt;
        default:
            return std::nullopt;
    }
}

/// Ends the guest by its order; returns false if there is nothing to do after all. Requires: the caller has claimed the
/// end of its life.
template <LifePort Port>
bool end_by_order(VCpu& self, GuestLife& guest, LifeState state, Port& port) {
    const auto end = end_by(guest, guest.life.take_order(), state, port);
    if (end) {
        stop_siblings(self, port);
        end_life(guest, *end, port);
    }
    return end.has_value();
}

/// Obeys an order on a STARTED hart of the guest. Returns if there is nothing to do after all.
template <LifePort Port>
[[gnu::cold]] void obey_order(VCpu& self, GuestLife& guest, Port& port) {
    const auto from = claim_end(self, guest.life, port);
    if (from && !end_by_order(self, guest, *from, port)) {
        return guest.life.settle(*from);
    }
    port.park();
}

/// Obeys an order to a guest that does not run, unless another hart claims its life first.
template <LifePort Port>
[[gnu::cold]] void obey_order_at_rest(GuestLife& guest, LifeState state, Port& port) {
    if (!guest.life.claim(state, LifeState::starting)) {
        return;
    }
    const bool waits = state == LifeState::waiting;
    const auto order = guest.life.take_order();
    if (order == Order::restart || (order == Order::turn && waits)) {
        guest.restarts->forget();
        begin_life(guest, port);
    } else if (order == Order::off && waits) {
        port.notice((Text{} << guest.guest.name << " is switched off before it started").view());
        come_to_rest(guest, LifeState::off, port);
    } else {
        guest.life.settle(state);
        send_attention_to_all(guest, port);  // who waits for the start's time may have found it gone
        power_off_if_all_are_over(port);     // and who was over last, too
    }
}

/// Obeys an order on a hart in the park loop.
template <LifePort Port>
void obey_order_parked(VCpu& self, GuestLife& guest, Port& port) {
    const auto state = guest.life.state();  // once: by a second look another hart may have claimed it
    if (is_over(state) || state == LifeState::waiting) {
        return obey_order_at_rest(guest, state, port);
    }
    // The guest may have stopped all its harts itself; then no STARTED one will look. Before the claim another hart may
    // have begun a new life, so they are looked at once more.
    if (!hsm::all_stopped(guest.harts) || !guest.life.claim(LifeState::running, LifeState::stopping)) {
        return;
    }
    if (!hsm::all_stopped(guest.harts) || !end_by_order(self, guest, LifeState::running, port)) {
        guest.life.settle(LifeState::running);
    }
}

}  // namespace mullion
