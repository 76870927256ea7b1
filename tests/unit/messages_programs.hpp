// SPDX-License-Identifier: Apache-2.0
// What the programs of messages_world.hpp do.
#pragma once

#include "messages_world.hpp"

namespace mullion {

// --- the machine ---

inline void MessageWorld::send(const VCpu& target, Message message) {
    auto& at = of(target);
    if (delivery == Delivery::interrupt_files) {
        at.file.fetch_or(bit(message), std::memory_order_seq_cst);
    } else {
        at.word.post(message, [&at] { at.interrupted.store(1, std::memory_order_seq_cst); });
    }
}

inline Messages MessageWorld::claim(Hardware& at) {
    if (delivery == Delivery::interrupt_files) {
        return at.file.exchange(0, std::memory_order_seq_cst);
    }
    if (at.interrupted.load(std::memory_order_seq_cst) == 0) {
        return 0;
    }
    if (is(Wrong::takes_word_first)) {
        const auto messages = at.word.take([] {});
        at.interrupted.store(0, std::memory_order_seq_cst);
        return messages;
    }
    return at.word.take([&at] { at.interrupted.store(0, std::memory_order_seq_cst); });
}

inline Wanted WalkedPort::take_interrupts() {
    auto& at = world->of(*self);
    const auto messages = world->claim(at);
    at.software = at.software || has(messages, Message::software);
    world->keys += has(messages, Message::uart) ? 1 : 0;
    return wanted_by(messages);
}

inline void WalkedPort::raise_software_interrupt(VCpu& target) {
    if (&target == self) {
        world->of(target).software = true;
    } else {
        world->send(target, Message::software);
    }
}

inline void WalkedPort::kick(VCpu& target) {
    world->send(target, Message::request);
}
inline void WalkedPort::call_attention(const VCpu& target) {
    world->send(target, Message::attention);
}
inline void WalkedPort::drop_interrupts() {
    world->of(*self).software = false;
}
inline void WalkedPort::look_after_devices() {
    world->news.exchange(0, std::memory_order_seq_cst);
}

inline void WalkedPort::quiet() {
    if (!world->is(Wrong::quiet_once_stopped)) {
        sse::reset(*self, *this);
    }
    drop_interrupts();
}

inline bool WalkedPort::interrupt_pending() {
    return world->of(*self).software;
}
inline void WalkedPort::sleep() {
    const auto& at = world->of(*self);
    walked::block([&at] { return at.software || MessageWorld::is_interrupted(at); });
}

inline void WalkedPort::suspend_retentive() {
    if (!world->is(Wrong::asleep_keeps_attention)) {
        return sleep_suspended(*self, *this);
    }
    while (!interrupt_pending()) {
        sleep();
        if (take_interrupts() != Wanted::nothing) {
            return;
        }
    }
}

inline void WalkedPort::suspend_system() {
    suspend_guest(*self, world->life, *this);
}

/// run/life.cpp, for an order that changes nothing.
inline void WalkedPort::obey_order() {
    const auto from = claim_end(*self, world->life, *this);
    if (!from) {
        park();
    }
    world->obeyed = world->life.take_order() != Order::none || world->obeyed;
    world->life.settle(*from);
}

inline void WalkedPort::obey_order_parked() {
    const auto harts = world->guests_harts();
    if (!hsm::all_stopped(harts) || !world->life.claim(LifeState::running, LifeState::stopping)) {
        return;
    }
    if (hsm::all_stopped(harts)) {
        world->obeyed = world->life.take_order() != Order::none || world->obeyed;
    }
    world->life.settle(LifeState::running);
}

// --- the harts ---

/// One for each hart, and for all worlds: they remember nothing.
inline WalkedPort& walked_port(MessageWorld& world, VCpu& self) {
    static std::array<WalkedPort, 2> ports;
    auto& port = ports[self.index];
    port.world = &world;
    port.self = &self;
    return port;
}

inline void MessageWorld::hart(VCpu& self) {
    for (;;) {
        bool stops = false;
        try {
            of(self).parked ? parks(self) : runs(self);
        } catch (const Parked&) {
            stops = true;
        }
        of(self).parked = stops || of(self).parked;
    }
}

inline void MessageWorld::take_parked(VCpu& self, WalkedPort& port) {
    if (is(Wrong::looks_at_the_state_first)) {
        const bool is_stopped = hsm::state_of(self) == HsmState::stopped;
        const auto wanted = port.take_interrupts();
        if (is_stopped) {
            port.drop_interrupts();
        }
        if (wanted == Wanted::attention) {
            port.look_after_devices();
        }
        return;
    }
    if (is(Wrong::parked_drops_attention)) {
        port.take_interrupts();
        if (hsm::state_of(self) == HsmState::stopped) {
            port.drop_interrupts();
        }
        return;
    }
    take_stopped(self, port);
    if (is(Wrong::drops_in_any_state)) {
        port.drop_interrupts();
    }
}

/// run/park.cpp.
inline void MessageWorld::parks(VCpu& self) {
    auto& port = walked_port(*this, self);
    auto& at = of(self);
    if (is(Wrong::quiet_once_stopped)) {
        sse::reset(self, port);
    }
    await_interrupt<Wait::parked>(
        [&] {
            return (is(Wrong::keeps_order) ? poll_start(self, port) : look_around_parked(self, life, port)).has_value();
        },
        [&] {
            at.at_rest = true;
            walked::block([&at] { return is_interrupted(at); });
            at.at_rest = false;
            take_parked(self, port);
        });
    if (is(Wrong::forgets_as_it_starts)) {
        sse::begin(self, port);
    }
    at.parked = false;
}

/// In the guest an interrupt comes before the next thing that the guest does.
inline void MessageWorld::runs(VCpu& self) {
    auto& port = walked_port(*this, self);
    auto& at = of(self);
    const auto& script = scene.acts[self.index];
    at.at_rest = at.done == script.size();
    walked::block([&] { return is_interrupted(at) || at.done < script.size(); });
    at.at_rest = false;
    if (is_interrupted(at)) {
        if (const auto wanted = port.take_interrupts(); wanted != Wanted::nothing) {
            answer(self, life, wanted, port);
        }
        return;
    }
    const auto what = script[at.done];
    ++at.done;  // it may not return
    if (!act(self, what)) {
        --at.done;
    }
}

/// Whether it is done.
inline bool MessageWorld::act(VCpu& self, Act what) {
    auto& port = walked_port(*this, self);
    auto& target = other(self);
    switch (what) {
        case Act::stop:
            sbi_hsm(self, port, HsmFunction::hart_stop, 0, {});
            return true;
        case Act::suspend:
            suspend(self, port);
            return std::exchange(of(self).software, false);
        case Act::suspend_guest:
            // It looks again only when it could find what it wants, or is called.
            walked::block([this, &self, &target] {
                return target.state.bits() == static_cast<std::uint64_t>(HsmState::stopped) || is_interrupted(of(self));
            });
            if (is_interrupted(of(self)) || !hsm::is_alone(self)) {
                return false;
            }
            port.suspend_system();
            hsm::allow_starts(self);
            return std::exchange(of(self).software, false);
        case Act::start: {
            walked::block([this, &self, &target] {
                return target.state.bits() != static_cast<std::uint64_t>(HsmState::stop_pending) ||
                       is_interrupted(of(self));
            });
            if (is_interrupted(of(self))) {
                return false;
            }
            const auto error = hart_start(self, port, target.index, {guest.entry, 0}).error;
            of(self).has_started_other = error == SbiError::success;
            return error != SbiError::failed;
        }
        case Act::interrupt:
            sbi_ipi(1, target.index, self, IpiFunction::send_ipi, port);
            return true;
        case Act::inject:
            of(target).is_injected = of(self).has_started_other;
            sbi_sse(sse_local_software, target.index, 0, 0, 0, self, SseFunction::inject, port);
            return true;
        case Act::fence:
            sbi_rfence(1, target.index, 0, 0, 0, self, RfenceFunction::remote_fence_i, port);
            return true;
        case Act::end:
            ends(self);
            return true;
    }
    return true;
}

/// run/life.cpp and run/start.cpp: what is new for the devices of one life is nothing to those of the next.
inline void MessageWorld::ends(VCpu& self) {
    auto& port = walked_port(*this, self);
    if (claim_end(self, life, port)) {
        stop_siblings(self, port);
        news.store(0, std::memory_order_seq_cst);
        life.settle(LifeState::starting);
        start_guest(guests_harts(), port, [this] { life.settle(LifeState::running); });
    }
    throw Parked{};
}

// --- who sends ---

/// Of another guest, or the console.
inline void MessageWorld::brings_news() {
    news.store(1, std::memory_order_seq_cst);
    if (is(Wrong::tells_nobody) && hsm::all_stopped(guests_harts())) {
        return;
    }
    send(hart_to_tell(guests_harts()), Message::attention);
}

inline void MessageWorld::gives_order() {
    life.give(Order::off);
    for (const auto& each : guests_harts()) {
        send(each, Message::attention);
    }
}

// --- the world ---

inline MessageWorld::MessageWorld(const Scene& what, Delivery how, std::set<std::string>& found)
    : scene(what), delivery(how), faults(found) {
    life.settle(LifeState::running);
    for (std::uint32_t i = 0; i < hardware.size(); ++i) {
        hardware[i].parked = scene.parked[i];
        set(i, scene.parked[i] ? HsmState::stopped : HsmState::started);
        programs.emplace_back([this, i] { hart(harts[i]); });
    }
    if (scene.news) {
        programs.emplace_back([this] { brings_news(); });
    }
    if (scene.order) {
        programs.emplace_back([this] { gives_order(); });
    }
    if (scene.key) {
        programs.emplace_back([this] { send(harts[0], Message::uart); });
    }
    leave_out_steps();
}

inline bool MessageWorld::has(Act what) const {
    return std::ranges::any_of(scene.acts, [what](const auto& acts) { return std::ranges::count(acts, what) != 0; });
}

/// Where nothing in the scene could come in between.
inline void MessageWorld::leave_out_steps() {
    const bool ends = has(Act::end);
    for (auto& each : harts) {
        if (!ends) {
            each.stop_ordered.needs_no_step();
        }
        if (!has(Act::suspend_guest)) {
            each.starts_forbidden.needs_no_step();
        }
        if (!has(Act::fence)) {
            for (auto* const tickets : {&each.fence_i, &each.sfence}) {
                tickets->requested.needs_no_step();
                tickets->done.needs_no_step();
            }
        }
        if (!has(Act::inject)) {
            each.sse.lock.needs_no_step();
        }
        each.sfence.requested.needs_no_step();
        each.sfence.done.needs_no_step();
    }
    if (!ends && !scene.order && !has(Act::suspend_guest)) {
        const auto* const begin = reinterpret_cast<const char*>(&life);
        for (auto* const each : walked::walk.shared) {
            const auto* const at = reinterpret_cast<const char*>(each);
            if (at >= begin && at < begin + sizeof(life)) {
                each->needs_no_step();
            }
        }
    }
}

inline void MessageWorld::check() {
    expect(news.bits() == 0, "nobody looks after the devices");
    expect(!scene.order || obeyed, "nobody obeys the order");
    expect(keys == (scene.key ? 1 : 0), "nobody takes the key");
    for (std::size_t i = 0; i < hardware.size(); ++i) {
        const auto& at = hardware[i];
        expect(at.at_rest, "a hart waits for ever");
        expect(!is_interrupted(at), "a message that nobody takes");
        expect(!at.is_injected || harts[i].sse.local.pending, "an event is forgotten");
    }
}

}  // namespace mullion
