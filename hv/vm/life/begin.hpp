// SPDX-License-Identifier: Apache-2.0
// How guests begin, and how they come to rest (vm/life/states.hpp has the states, core/policy.hpp the order in which
// they start).
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/policy.hpp"
#include "core/text.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/life/lifecycle.hpp"
#include "vm/life/port.hpp"

namespace mullion {

template <LifePort Port>
std::uint64_t start_delay(const StartOrder& start, Port& port) {
    return start.delay_ms * port.frequency() / 1000;
}

/// Notes which guests start by themselves, and when. At boot, once, before any hart parks.
template <LifePort Port>
[[gnu::cold]] void schedule_starts(Port& port) {
    for (GuestLife& guest : port.guests()) {
        const auto& start = guest.guest.policy.start;
        if (start.by_operator) {
            continue;
        }
        if (start.after == StartOrder::at_boot) {
            guest.start_at.store(port.now() + start_delay(start, port), std::memory_order_seq_cst);
        }
        guest.life.settle(LifeState::waiting);
    }
}

/// Lets those start that wait for the guest. One that cannot start holds nobody up either: this is an order, not a
/// dependency.
template <LifePort Port>
void release_followers(const GuestLife& guest, Port& port) {
    for (GuestLife& follower : port.guests()) {
        const auto& start = follower.guest.policy.start;
        if (start.after == guest.index && follower.life.state() == LifeState::waiting) {
            follower.start_at.store(port.now() + start_delay(start, port), std::memory_order_seq_cst);
            port.send(follower.harts.front(), Message::attention);
        }
    }
}

/// Ends the machine if no guest runs, or will by itself.
template <LifePort Port>
void power_off_if_all_are_over(Port& port) {
    auto&& guests = port.guests();
    if (!std::ranges::all_of(guests, [](const GuestLife& guest) { return guest.life.is_over(); })) {
        return;
    }
    const bool failure =
        std::ranges::any_of(guests, [](const GuestLife& guest) { return guest.life.state() == LifeState::crashed; });
    port.print_answer("all guests are off: the machine powers off");
    port.power_off(failure);
}

/// Leaves the guest in this state until the operator asks; the machine goes off with its last guest. Requires: the
/// caller owns the life's state.
template <LifePort Port>
void come_to_rest(GuestLife& guest, LifeState state, Port& port) {
    if (port.has_left_out(guest)) {
        port.print_answer((Text{} << guest.guest.name << " is " << name_of(state)).view());
    }
    guest.life.settle(state);
    release_followers(guest, port);
    power_off_if_all_are_over(port);
}

/// Says whether the guest may not start again because a device that goes on by DMA writes into the memory of its next
/// life.
inline bool must_not_start_again(const GuestLife& guest) {
    return *guest.has_lived && guest.guest.unprotected_dma && !guest.guest.policy.restart_with_dma;
}

/// Forgets what the guest's harts remember of its last life; what it set up by SBI calls each hart resets itself,
/// before somebody starts it.
template <LifePort Port>
void forget_last_life(GuestLife& guest, Port& port) {
    const bool has_lived = *guest.has_lived;
    for (auto& vcpu : guest.harts) {
        vcpu.exits.fill(0);
        vcpu.log.clear();
        vcpu.faulting = {};
        if (has_lived) {
            vcpu.has_settings.store(1, std::memory_order_seq_cst);
            port.send(vcpu, Message::attention);
        }
    }
}

/// Starts a guest, for the first time or again: it runs afterwards, or has come to rest with a line that says why it
/// cannot start. Requires: the caller is one of its harts, all are STOPPED, and the caller owns the state `starting`.
template <LifePort Port>
[[gnu::cold]] void begin_life(GuestLife& guest, Port& port) {
    if (must_not_start_again(guest)) {
        port.notice((Text{} << guest.guest.name << " stays off: its devices may still reach its memory by DMA (policy "
                            << "without restart-with-dma)")
                        .view());
        return come_to_rest(guest, LifeState::off, port);
    }
    port.notice((Text{} << guest.guest.name << " starts").view());
    if (!port.reset_devices(guest) && !guest.guest.policy.restart_with_dma) {
        port.notice((Text{} << guest.guest.name
                            << " stays off: a device that is not reset may still reach its memory by "
                            << "DMA (policy without restart-with-dma)")
                        .view());
        return come_to_rest(guest, LifeState::off, port);
    }
    if ((guest.guest.verified && !port.images_are_as_built(guest)) || !port.renew_memory(guest)) {
        return come_to_rest(guest, LifeState::crashed, port);
    }
    forget_last_life(guest, port);
    *guest.has_lived = true;
    start_guest(guest.harts, port, [&guest] { guest.life.settle(LifeState::running); });
    release_followers(guest, port);
}

}  // namespace mullion
