// SPDX-License-Identifier: Apache-2.0
// Defines the machine and the programs of world.hpp.
#pragma once

#include <algorithm>

#include "vm/sbi/dispatch.hpp"
#include "walked/world.hpp"

namespace mullion {

/// Returns the bits of a request without padding.
inline std::uint64_t bits_of(const Asked& asked) {
    return walked::mixed(static_cast<std::uint64_t>(asked.wanted()), asked.due());
}

// --- the machine ---

inline void World::send(const VCpu& target, Message message) {
    auto& at = of(target);
    if (delivery == Delivery::interrupt_files) {
        at.file.add_bits(bit(message));
    } else {
        at.word.post(message, [&at] { at.interrupted.deliver(1); });
    }
}

inline Messages World::claim(Place& at) {
    if (delivery == Delivery::interrupt_files) {
        return at.file.exchange(0, std::memory_order_acquire);  // arch::order::after_claim
    }
    if (at.interrupted.sample() == 0) {
        return 0;
    }
    return at.word.take([&at] {
        at.interrupted.store(0, std::memory_order_relaxed);
        atomic_fence(std::memory_order_seq_cst);  // arch::order::between_steps
    });
}

/// Fetches instructions anew.
inline void World::fetch(Place& at) {
    for (std::size_t i = 0; has(Act::fence) && i < scene.harts; ++i) {
        at.instructions[i] = places[i].written.load(std::memory_order_relaxed);
    }
}

/// Returns whether the hart is interrupted, by alarms or otherwise.
inline bool World::is_interrupted(const VCpu& hart) const {
    const auto& at = places[hart.index];
    return at.file.peek() != 0 || at.interrupted.peek() != 0 || hart.alarms.next() <= clock.time;
}

inline std::uint64_t WalkedPort::now() {
    return world->clock.now();
}

/// Stands for run/interrupts.cpp.
inline Wanted WalkedPort::take_interrupts() {
    const auto due = self->alarms.take(world->clock.time);
    if (due.has(Alarm::life)) {
        take_life_alarm(world->life, *this);
    }
    if (due.has(Alarm::stop)) {
        offer_end(world->life, *this);
    }
    auto& at = world->of(*self);
    const auto messages = world->claim(at);
    at.software = at.software || has(messages, Message::software);
    world->keys += has(messages, Message::source) ? 1 : 0;
    return wanted_by(messages);
}

inline void WalkedPort::raise_software_interrupt(VCpu& target) {
    if (&target == self) {
        world->of(target).software = true;
    } else {
        world->send(target, Message::software);
    }
}

inline void WalkedPort::send(VCpu& target, Message message) {
    world->send(target, message);
}
inline void WalkedPort::drop_interrupts() {
    world->of(*self).software = false;
}
inline void WalkedPort::look_after_devices() {
    world->news.exchange(0, std::memory_order_acquire);
}
inline void WalkedPort::local_fence_i() {
    world->fetch(world->of(*self));
}

/// Stands for run/park.cpp.
inline void WalkedPort::quiet() {
    sse::reset(*self, *this);
    drop_interrupts();
}

/// Returns whether an interrupt is pending: a suspended guest's timer wakes it one tick later.
inline bool WalkedPort::interrupt_pending() {
    auto& at = world->of(*self);
    return at.software || (at.sleeps_for_time && now() > 0);
}

inline void WalkedPort::sleep() {
    auto& at = world->of(*self);
    at.at_rest = world->life.life.state() == LifeState::suspended;
    walked::block([this, &at] {
        return at.software || (at.sleeps_for_time && world->clock.time > 0) || world->is_interrupted(*self);
    });
    at.at_rest = false;
}

/// Sleeps. Nothing is remembered between two rounds of the park loop.
inline void WalkedPort::sleep_parked() {
    auto& at = world->of(*self);
    at.at_rest = true;
    walked::forget(2);
    walked::block([this] { return world->is_interrupted(*self); });
    at.at_rest = false;
}

inline void WalkedPort::suspend_system() {
    world->expect_nobody_in_guest("a hart beside one that suspends the guest");
    world->of(*self).sleeps_for_time = world->scene.wakes;
    suspend_guest(*self, world->life.life, *this);
    world->of(*self).sleeps_for_time = false;
    world->expect_nobody_in_guest("a hart beside one that suspends the guest");
}

inline void WalkedPort::obey_order() {
    mullion::obey_order(*self, world->life, *this);
}
inline void WalkedPort::obey_order_parked() {
    mullion::obey_order_parked(*self, world->life, *this);
}

inline std::array<std::reference_wrapper<GuestLife>, 2> WalkedPort::guests() {
    return {world->life, world->neighbour};
}

inline void WalkedPort::print_exits(const GuestLife&) {
    ++world->endings;
}

/// Resets devices: news for devices of one life does not concern those of the next.
inline bool WalkedPort::reset_devices(GuestLife&) {
    world->expect(++world->owners == 1, "a life with two owners");
    world->expect_nobody_in_guest("devices are reset while a hart is in the guest");
    world->news.store(0, std::memory_order_relaxed);
    world->watchdog.reset();
    --world->owners;
    return true;
}

inline bool WalkedPort::renew_memory(GuestLife&) {
    world->expect(++world->owners == 1, "a life with two owners");
    world->clearing = true;
    world->expect_nobody_in_guest("memory is written while a hart is in the guest");
    walked::forget(3);  // what follows does not depend on what came before
    walked::step();
    world->clearing = false;
    ++world->lives;
    --world->owners;
    return true;
}

inline bool WalkedPort::watchdog_resets(const GuestLife&) {
    return walked::seen(world->watchdog.expire() == Effect::reset);
}

/// The walked guest has no functions.
inline bool WalkedPort::dma_ends(const GuestLife&) {
    return false;
}

inline void WalkedPort::power_off(bool) {
    world->expect(false, "the machine ends while a guest runs");
    walked::block([] { return false; });
}

// --- the harts ---

/// Returns a port: one for each hart and one for others' harts, shared by all worlds, as ports have no state.
inline WalkedPort& World::port_of(VCpu* self) {
    static std::array<WalkedPort, 4> ports;
    static const std::array<sse::Events<WalkedPort>, 4> events{
        {sse::Events{ports[0]}, sse::Events{ports[1]}, sse::Events{ports[2]}, sse::Events{ports[3]}}};
    const auto place = self != nullptr ? self->index : 3;
    auto& port = ports[place];
    port.software_events = &events[place];
    port.world = this;
    port.self = self;
    return port;
}

inline void World::hart(VCpu& self) {
    for (;;) {
        walked::forget(of(self).parked ? 0 : 1);
        bool stops = false;
        try {
            of(self).parked ? parks(self) : runs(self);
        } catch (const Parked&) {
            stops = true;
        }
        auto& at = of(self);
        at.parked = stops || at.parked;
        at.sleeps_for_time = false;
    }
}

inline void World::parks(VCpu& self) {
    auto& at = of(self);
    const auto entry = await_start(self, life, port_of(&self));
    const bool is_first = entry.opaque == guest.tree.value;
    expect(entry.address == (is_first ? guest.entry : Gpa{guest.entry.value + 4 * entry.opaque}),
           "an entry that is not whole");
    if (!is_first) {
        at.entered += entry.opaque;
    }
    at.parked = false;
}

inline bool World::acts_on(const VCpu& hart) const {
    return lives == 1 && places[hart.index].done < scene.acts[hart.index].size();
}

/// Runs the guest on a hart. An interrupt comes before the next thing that the guest does.
inline void World::runs(VCpu& self) {
    auto& port = port_of(&self);
    auto& at = of(self);
    expect(!clearing, "a hart in the guest while its memory is written");
    expect(std::ranges::equal(at.instructions, at.fenced, std::greater_equal{}),
           "a hart in the guest with old instructions");
    at.in_guest = true;
    at.at_rest = !acts_on(self);
    walked::block([&] { return is_interrupted(self) || acts_on(self); });
    at.at_rest = at.in_guest = false;
    if (is_interrupted(self)) {
        if (const auto wanted = port.take_interrupts(); wanted != Wanted::nothing) {
            serve(self, life.life, wanted, port);
        }
        return;
    }
    const auto what = scene.acts[self.index][at.done];
    ++at.done;  // before the act, which may not return
    if (!act(self, what)) {
        --at.done;
    }
}

/// Performs an act; returns whether it is done.
inline bool World::act(VCpu& self, Act what) {
    auto& port = port_of(&self);
    auto& target = other(self);
    switch (what) {
        case Act::stop:
            sbi_hsm(self, port, HsmFunction::hart_stop, 0, {});
            return true;
        case Act::suspend:
            suspend(self, port);
            return std::exchange(of(self).software, false);
        case Act::suspend_all:
            // It continues only when it could find what it waits for, or is called.
            walked::block([this, &self] {
                return is_interrupted(self) || std::ranges::all_of(guests_harts(), [&self](const VCpu& vcpu) {
                           return &vcpu == &self || vcpu.state.bits() == static_cast<std::uint64_t>(HsmState::stopped);
                       });
            });
            if (is_interrupted(self)) {
                return false;
            }
            [[fallthrough]];
        case Act::try_suspend_all: {
            const auto error = sbi_susp(self, port, SuspFunction::system_suspend, 0, {guest.entry, 0}).error;
            of(self).software = false;
            return error == SbiError::success || what == Act::try_suspend_all;
        }
        case Act::start:
            walked::block([this, &self] {
                return other(self).state.bits() != static_cast<std::uint64_t>(HsmState::stop_pending) ||
                       is_interrupted(self);
            });
            return !is_interrupted(self) && starts(self, target);
        case Act::interrupt:
            sbi_ipi(1, target.index, self, IpiFunction::send_ipi, port);
            return true;
        case Act::inject:
            of(target).is_injected = of(self).has_started_other;
            (void)sbi_sse(self, port,
                          {.a0 = sse_local_software,
                           .a1 = target.index,
                           .function = static_cast<std::uint64_t>(SseFunction::inject)});
            return true;
        case Act::fence:
            fences(self, target);
            return true;
        case Act::kick:
            watchdog.write(watchdog::ctrl, watchdog::restart);
            port.set_alarm(Alarm::life, watchdog.deadline());
            return true;
        case Act::off:
            end_guest(self, life, {SrstType::shutdown, SrstReason::no_reason}, port);
        case Act::reboot:
            end_guest(self, life, {SrstType::cold_reboot, SrstReason::no_reason}, port);
        case Act::crash:
            stop_and_end(self, life, {"is stopped", Cause::crash}, port, [] {});
    }
    return true;
}

/// Starts a hart, with a unique opaque value.
inline bool World::starts(VCpu& self, VCpu& target) {
    const auto opaque = std::uint64_t{1} << (4 * self.index + of(self).done);
    const auto error = hart_start(self, port_of(&self), target.index, {{guest.entry.value + 4 * opaque}, opaque}).error;
    of(self).has_started_other = error == SbiError::success;
    if (error == SbiError::success) {
        of(target).given += opaque;
    }
    return error != SbiError::failed;
}

inline void World::fences(VCpu& self, VCpu& target) {
    const auto mine = of(self).written.peek() + 1;
    of(self).written.store(mine, std::memory_order_relaxed);
    of(self).instructions[self.index] = mine;
    sbi_rfence(1, target.index, 0, 0, 0, self, RfenceFunction::remote_fence_i, port_of(&self));
    of(target).fenced[self.index] = mine;
    expect(!of(target).in_guest || of(target).instructions[self.index] >= mine,
           "a hart in the guest with old instructions");
}

// --- who sends ---

/// Sends news, as a hart of another guest or the console does.
inline void World::brings_news() {
    news.store(1, std::memory_order_release);
    send(hart_for_guest(guests_harts()), Message::attention);
}

inline void World::gives_orders() {
    for (const auto what : scene.orders) {
        lives_at_last_order = lives;
        order(life, what, port_of(nullptr));
    }
}

/// Lets time pass as long as somebody waits for it.
inline void World::passes() {
    for (;;) {
        walked::forget(0);
        walked::block([this] { return latest_alarm() > clock.time; });
        walked::change(clock.time, latest_alarm() + 10);
    }
}

inline std::uint64_t World::latest_alarm() const {
    std::uint64_t latest = 0;
    for (std::size_t i = 0; i < scene.harts; ++i) {
        const auto alarm = harts[i].alarms.next();
        latest =
            std::max({latest, alarm == Alarms::never ? 0 : alarm, places[i].sleeps_for_time ? std::uint64_t{1} : 0});
    }
    return latest;
}

}  // namespace mullion
