// SPDX-License-Identifier: Apache-2.0
// What a hart does with what is sent to it, whatever state it is in. Messages are of four kinds (core/message.hpp):
//
// - software: an SBI IPI. It is VSSIP at once. A STOPPED hart drops it; from the claim of its start on it is kept.
// - source: a wired source is claimed and served where it is taken.
// - request: what is asked stands in the hart's VCpu, and whoever starts or resumes looks there. So a hart whose guest
//   does not run on it may take the message alone.
// - attention: what is asked is the guest's, an order or something for its console, and nobody sends it twice. Any hart
//   of the guest may get it. Whoever takes one does what is asked, STOPPED or not, or sends it on.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "core/message.hpp"
#include "core/wait.hpp"
#include "vm/alarms.hpp"
#include "vm/hart_states.hpp"
#include "vm/life/states.hpp"
#include "vm/sbi/hsm.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

// In all of these: everything acts on the calling hart.

/// What a hart takes that waits and whose guest does not run on it.
template <class Port>
concept TakePort = requires(Port& port) {
    /// Takes all that is pending, without waiting: does what alarms, software and source messages ask for, and returns
    /// what the others ask for.
    { port.take_interrupts() } -> std::same_as<Wanted>;
    /// Drops the interrupts that Mullion has raised for the guest.
    { port.drop_interrupts() } -> std::same_as<void>;
    /// Does for the guest's devices what others left to do: typed bytes, room for output, and the external interrupt of
    /// the hart.
    { port.look_after_devices() } -> std::same_as<void>;
};

/// Sets when the hypervisor's own timer interrupts.
template <class Port>
concept AlarmPort = requires(Port& port, std::uint64_t time) {
    /// Has the hypervisor's timer interrupt the hart at that time, or at once where it has passed.
    { port.set_alarm(Alarm::life, time) } -> std::same_as<void>;
};

/// All that a hart needs to do what is sent to it, and to wait for it.
template <class Port>
concept MessagePort = StartPort<Port> && TakePort<Port> && AlarmPort<Port> && requires(Port& port) {
    /// Obeys an order to the guest on a hart that is not STOPPED. Does not return if the guest ends.
    { port.obey_order() } -> std::same_as<void>;
    /// Obeys an order to the guest on a hart that is parked.
    { port.obey_order_parked() } -> std::same_as<void>;
    /// Returns whether an interrupt is pending that the guest has enabled.
    { port.interrupt_pending() } -> std::same_as<bool>;
    /// Waits (WFI) until there is one, or one of the hypervisor's own; may return early.
    { port.sleep() } -> std::same_as<void>;
    /// Waits (WFI) until there is an interrupt of the hypervisor's own; may return early.
    { port.sleep_parked() } -> std::same_as<void>;
    /// Gives what the guest set up by SBI calls its value at a start (vm/sbi/extension.hpp), and lets arrive what its
    /// devices have sent in an earlier life, so that the hart's start forgets it.
    { port.reset_hart() } -> std::same_as<void>;
};

/// Returns the hart to send what is for its guest: one that is awake anyway, if there is one.
inline VCpu& hart_for_guest(std::span<VCpu> harts) {
    const auto running =
        std::ranges::find_if(harts, [](const VCpu& vcpu) { return hsm::state_of(vcpu) == HsmState::started; });
    return running != harts.end() ? *running : harts.front();
}

/// Does what was asked of the guest as a whole. Requires: the hart is not STOPPED. Does not return if the guest ends.
template <MessagePort Port>
void give_attention(VCpu& self, const Life& life, Port& port) {
    serve_requests(self, port);
    port.look_after_devices();
    if (life.has_order()) {
        port.obey_order();
    }
}

/// Does what an interrupt has asked of a hart that goes back to its guest.
template <MessagePort Port>
void serve(VCpu& self, const Life& life, Wanted wanted, Port& port) {
    if (wanted == Wanted::attention) {
        give_attention(self, life, port);
    }
    if (!self.sse.masked) {
        port.events()->attend(self);
    }
    // Not with others' attention, because a sibling waits for the answer; and last, so that the two do not meet again
    // on their ways back to the guest.
    if (wanted == Wanted::requests) {
        serve_requests(self, port);
    }
}

/// Takes interrupts on a hart that is parked, or that ends or begins its guest's life and waits meanwhile. Orders it
/// finds when it parks.
template <TakePort Port>
void take_stopped(VCpu& self, Port& port) {
    const auto wanted = port.take_interrupts();
    // The state last: what was sent after the claim of a start was taken after it, too, and stays.
    if (hsm::state_of(self) == HsmState::stopped) {
        port.drop_interrupts();
    }
    if (wanted == Wanted::attention) {
        port.look_after_devices();
    }
}

/// Obeys orders once on the way round the park loop, and returns where the hart begins if somebody has started it.
template <MessagePort Port>
std::optional<HartEntry> look_around_parked(VCpu& self, const Life& life, Port& port) {
    if (life.has_order()) {
        port.obey_order_parked();
    }
    const auto entry = poll_start(self, port);
    if (entry && life.has_order()) {
        port.send(self, Message::attention);  // it came while the guest was starting
    }
    return entry;
}

/// Sleeps on a SUSPENDED hart until an interrupt that the guest has enabled is pending, or somebody asks something of
/// the hart. The caller looks at requests itself; attention is called once more, for the hart back in its guest.
template <MessagePort Port>
void sleep_suspended(VCpu& self, Port& port) {
    auto wanted = Wanted::nothing;
    await_interrupt<Wait::wake>([&] { return wanted != Wanted::nothing || port.interrupt_pending(); },
                                [&] {
                                    port.sleep();
                                    wanted = port.take_interrupts();
                                });
    if (wanted != Wanted::nothing) {
        port.send(self, Message::attention);
    }
}

/// Sleeps until an interrupt that the guest has enabled is pending. Requires: the caller is the guest's only STARTED
/// hart, and the guest `suspended`. Does not return if the guest ends.
template <MessagePort Port>
void sleep_alone(VCpu& self, const Life& life, Port& port) {
    bool attended = false;
    await_interrupt<Wait::wake_all>([&] { return port.interrupt_pending(); },
                                    [&] {
                                        port.sleep();
                                        if (port.take_interrupts() != Wanted::nothing) {
                                            give_attention(self, life, port);
                                            attended = true;
                                        }
                                    });
    if (attended) {
        port.send(self, Message::attention);  // software events are for a hart that runs its guest
    }
}

/// Makes the guest `suspended` until an interrupt that it has enabled is pending. Requires: the caller is the guest's
/// only STARTED hart. Does not return if the guest ends.
template <MessagePort Port>
void suspend_guest(VCpu& self, Life& life, Port& port) {
    // A parked hart may be looking whether the guest is to end, and gives the state back.
    await_hart<Wait::suspend>([&life] { return life.claim(LifeState::running, LifeState::suspended); },
                              [&port] { port.relax(); });
    sleep_alone(self, life, port);
    life.settle(LifeState::running);
}

}  // namespace mullion
