// SPDX-License-Identifier: Apache-2.0
// Defines how a world of world.hpp begins, how its states are compared, and what must hold at its end.
#pragma once

#include <algorithm>

#include "walked/world_programs.hpp"

namespace mullion {

inline World::World(const Scene& what, Delivery how, std::set<std::string>& found)
    : scene(what),
      delivery(how),
      faults(found),
      life(guest, 0, guests_harts()),
      other_guest(guest),
      neighbour(other_guest, 1, {}),
      lives(what.from == LifeState::running ? 1 : 0) {
    const bool alive = scene.from == LifeState::running;
    life.life.settle(scene.from);
    *life.has_lived = alive;
    neighbour.life.settle(LifeState::running);
    if (scene.turn) {
        life.start_at.store(5, std::memory_order_seq_cst);
    }
    if (scene.asks) {
        guest.policy.stop = {StopRequest::sysrq, Stop::min_seconds};
    }
    if (is_watched()) {
        watchdog.write(watchdog::mode, 0x11);
        harts[0].alarms.set(Alarm::life, watchdog.deadline());
    }
    for (auto& vcpu : guests_harts()) {
        vcpu.siblings = guests_harts();
        of(vcpu).parked = !alive || scene.parked[vcpu.index];
        set(static_cast<std::uint32_t>(vcpu.index), of(vcpu).parked ? HsmState::stopped : HsmState::started);
        programs.emplace_back([this, &vcpu] { hart(vcpu); });
    }
    programs.emplace_back([this] { passes(); });
    if (!scene.orders.empty()) {
        programs.emplace_back([this] { gives_orders(); });
    }
    if (scene.news) {
        programs.emplace_back([this] { brings_news(); });
    }
    if (scene.key) {
        programs.emplace_back([this] { send(harts[0], Message::source); });
    }
    leave_out_steps();
}

inline bool World::has(Act what) const {
    return std::ranges::any_of(scene.acts, [what](const auto& acts) { return std::ranges::count(acts, what) != 0; });
}

/// Returns whether the memory is part of an object.
inline bool is_part(const walked::Shared& part, const auto& object) {
    const auto* const at = reinterpret_cast<const char*>(&part);
    const auto* const begin = reinterpret_cast<const char*>(&object);
    return at >= begin && at < begin + sizeof(object);
}

/// Returns whether nobody reads, or nobody changes, the memory.
inline bool World::is_still(const walked::Shared& part) const {
    return is_part(part, neighbour) || (is_part(part, life.restarts) && !scene.races) ||
           std::ranges::any_of(harts, [&](const VCpu& vcpu) {
               return is_part(part, vcpu.messages) || is_part(part, vcpu.sfence) || is_part(part, vcpu.pmu) ||
                      (vcpu.index >= scene.harts && (is_part(part, vcpu) || is_part(part, places[vcpu.index])));
           });
}

/// Leaves out steps between which nothing in the scene could come.
inline void World::leave_out_steps() {
    const bool suspends = has(Act::suspend_all) || has(Act::try_suspend_all);
    const bool ends = has(Act::off) || has(Act::reboot) || has(Act::crash) || !scene.orders.empty() ||
                      scene.from != LifeState::running || is_watched();
    std::erase_if(walked::walk.shared, [&](walked::Shared* part) {
        if (is_still(*part) || (is_part(*part, life) && !ends && !suspends)) {
            part->needs_no_step();
        }
        return is_still(*part);
    });
    for (auto& each : guests_harts()) {
        if (!ends) {
            each.stop_ordered.needs_no_step();
        }
        if (!suspends) {
            each.starts_forbidden.needs_no_step();
        }
        // Without weak memory it is seen at once.
        if (!has(Act::fence) || walked::walk.memory == &walked::sequential) {
            of(each).written.needs_no_step();
        }
        if (!has(Act::fence)) {
            each.fence_i.requested.needs_no_step();
            each.fence_i.done.needs_no_step();
        }
        if (!has(Act::inject)) {
            each.sse.lock.needs_no_step();
        }
        if (!scene.races) {
            each.entry.needs_no_step();
        }
    }
    if (!scene.news) {
        news.needs_no_step();
    }
    if (scene.from != LifeState::waiting) {
        life.start_at.needs_no_step();
    }
    if (!scene.races) {
        life.asked.needs_no_step();
        life.has_lived.needs_no_step();
    }
}

inline std::uint64_t World::bits() const {
    std::uint64_t hash = 0;
    const auto add = [&hash](auto... values) {
        ((hash = walked::mixed(hash, static_cast<std::uint64_t>(values))), ...);
    };
    add(clock.time, keys, owners, clearing, lives, endings, lives_at_last_order, watchdog.deadline());
    for (std::size_t i = 0; i < scene.harts; ++i) {
        const auto& at = places[i];
        const auto& sse = harts[i].sse;
        add(at.software, at.parked, at.in_guest, at.at_rest, at.sleeps_for_time, at.has_started_other, at.is_injected,
            at.done, at.given, at.entered);
        for (std::size_t other = 0; other < scene.harts; ++other) {
            add(at.instructions[other], at.fenced[other]);
        }
        add(harts[i].alarms.at(Alarm::life), harts[i].alarms.at(Alarm::stop));
        add(sse.masked, sse.local.state, sse.local.pending, sse.global.state, sse.global.pending);
    }
    return hash;
}

inline void World::expect_nobody_in_guest(const char* what) {
    expect(std::ranges::none_of(places, &Place::in_guest), what);
}

inline void World::check_hart(const VCpu& hart) {
    const auto& at = of(hart);
    const auto state = life.life.state();
    const bool suspended = !at.parked && !at.in_guest && state != LifeState::suspended;
    expect(at.at_rest, "a hart waits for ever");
    expect(!is_interrupted(hart), "a message that nobody takes");
    expect(!at.is_injected || hart.sse.local.pending, "an event is forgotten");
    expect(hsm::state_of(hart) == (at.parked   ? HsmState::stopped
                                   : suspended ? HsmState::suspended
                                               : HsmState::started),
           "a hart that stays in between");
    expect(!at.in_guest || state == LifeState::running, "a hart in a guest that does not run");
    expect(endings != 0 || at.given == at.entered, "a start that has succeeded, and no hart began");
}

inline void World::check_orders() {
    const auto state = life.life.state();
    const auto last = scene.orders.empty() ? Order::none : scene.orders.back();
    expect(!life.life.has_order(), "an order that nobody obeys");
    expect(life.asked->wanted() == Order::none, "a guest that was asked to end and has not");
    expect(last != Order::off || life.life.is_over(), "a guest that was switched off and runs");
    expect(last != Order::restart || (state == LifeState::running && lives > lives_at_last_order),
           "a guest that was not restarted");
}

inline void World::check() {
    const auto state = life.life.state();
    const bool alive = state == LifeState::running || state == LifeState::suspended;
    expect(alive || life.life.is_over() || (state == LifeState::waiting && !scene.turn), "a state that nobody leaves");
    expect(state != LifeState::suspended || !scene.wakes, "a guest that does not wake");
    expect(endings == lives - (alive ? 1 : 0), "a life that does not end once");
    expect(lives <= 1 + static_cast<int>(scene.orders.size()) + (scene.from == LifeState::running ? 1 : 0),
           "a life that began without a reason");
    expect(news.peek() == 0, "nobody looks after the devices");
    expect(keys == (scene.key ? 1 : 0), "nobody takes the key");
    check_orders();
    for (const auto& hart : guests_harts()) {
        check_hart(hart);
    }
}

}  // namespace mullion
