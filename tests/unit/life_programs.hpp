// SPDX-License-Identifier: Apache-2.0
// What the programs of life_world.hpp do.
#pragma once

#include "life_world.hpp"

namespace mullion {

inline Program LifeWorld::tells_all(int& position) {
    for (auto& target : minds) {
        ++position;
        co_await step();
        target.attention = true;
    }
    ++position;  // that it has ended is told by its place alone
}

inline Program LifeWorld::gives_orders() {
    ++where[0];
    for (const auto what : scene.orders) {
        ++where[0];
        co_await step();
        give(what, true);
        lives_at_last_order = lives;
        co_await tells_all(where[0]);
    }
}

/// The time: its orders, and the end of the time that a guest has when it was asked to end.
inline Program LifeWorld::passes() {
    ++where[1];
    for (const auto what : scene.times) {
        ++where[1];
        co_await step();
        give(what, scene.wrong == Wrong::time_overrides);
        co_await tells_all(where[1]);
    }
    while (scene.asks) {
        where[1] = 50;
        co_await until([this] { return asked != Order::none && !late; });
        late = true;
        ++where[1];
        co_await step();
        give(Order::due, false);
        co_await tells_all(where[1]);
    }
}

inline Program LifeWorld::hart(VCpu& self) {
    while (true) {
        if (mind(self).parked) {
            co_await parks(self);
        } else {
            co_await runs(self);
        }
    }
}

inline Program LifeWorld::runs(VCpu& self) {
    auto& me = mind(self);
    co_await at(self, 1, [this, &self, &me] { return me.attention || may_act(self); });
    if (std::exchange(me.attention, false)) {
        co_await attends(self);
    } else {
        co_await acts(self, std::exchange(events[self.index], Event::none));
    }
}

inline Program LifeWorld::acts(VCpu& self, Event event) {
    auto& me = mind(self);
    switch (event) {
        case Event::stop:
            me.in_guest = false;
            hsm::advance(self, HsmState::started, HsmState::stop_pending);
            co_await at(self, 2);
            hsm::advance(self, HsmState::stop_pending, HsmState::stopped);
            me.parked = true;
            break;
        case Event::start:
            co_await starts_other(self);
            break;
        case Event::suspend:
            co_await suspends(self);
            break;
        default:
            co_await claims_end(self, 60 + static_cast<int>(event));
            if (me.from) {
                me.next = end_of(event);
                co_await ends(self);
            }
    }
}

inline Program LifeWorld::starts_other(VCpu& self) {
    auto& target = other(self);
    if (hsm::claim_start(target) != HsmState::stopped) {
        co_return;
    }
    co_await at(self, 4);
    if (target.stop_ordered != 0 || harts[0].starts_forbidden != 0) {
        hsm::abandon_start(target);
        co_return;
    }
    co_await at(self, 5);
    hsm::publish_start(target, {});
    mind(target).attention = true;
}

/// vm/sbi/susp.hpp and run/park.cpp. Another hart may not start meanwhile, so this one alone changes the state.
inline Program LifeWorld::suspends(VCpu& self) {
    auto& me = mind(self);
    harts[0].starts_forbidden.fetch_add(1);
    co_await at(self, 6);
    if (hsm::state_of(other(self)) != HsmState::stopped && scene.wrong != Wrong::suspends_beside_others) {
        harts[0].starts_forbidden.fetch_sub(1);
        co_return;
    }
    me.in_guest = false;
    do {
        co_await at(self, 7, [this] { return life.state() == LifeState::running; });
    } while (!life.claim(LifeState::running, LifeState::suspended));
    while (!me.woken) {
        co_await at(self, 8, [this, &me] { return me.attention || scene.wakes; });
        if (!std::exchange(me.attention, false)) {
            me.woken = true;
        } else if (co_await attends(self); me.parked) {
            co_return;
        }
    }
    co_await at(self, 9);
    expect(life.state() == LifeState::suspended, "a guest that wakes and was not suspended");
    life.settle(LifeState::running);
    co_await at(self, 10);
    harts[0].starts_forbidden.fetch_sub(1);
    me.in_guest = true;
}

/// serve_requests and give_attention, on a STARTED hart.
inline Program LifeWorld::attends(VCpu& self) {
    if (self.stop_ordered != 0) {
        stop(self);
        co_return;
    }
    co_await at(self, 11 + (mind(self).in_guest ? 0 : 100));
    if (life.has_order()) {
        co_await obeys(self);
    }
}

/// The claim is `from`; or the hart is stopped.
inline Program LifeWorld::claims_end(VCpu& self, int position) {
    auto& me = mind(self);
    me.was_parked = false;
    me.in_guest = false;
    me.from.reset();
    while (true) {
        co_await at(self, position, [this, &self] {
            const auto state = life.state();
            return self.stop_ordered != 0 || state == LifeState::running || state == LifeState::suspended ||
                   scene.wrong == Wrong::no_election;
        });
        me.from = life.claim_end();
        if (!me.from && scene.wrong == Wrong::no_election) {
            me.from = LifeState::running;
        }
        if (me.from) {
            own();
            co_return;
        }
        if (self.stop_ordered != 0) {
            stop(self);
            co_return;
        }
    }
}

/// run/life.cpp, end_by: nothing, if it comes too late or the guest is asked.
inline std::optional<LifeState> LifeWorld::meaning_of(Order what, bool listens) {
    if (what == Order::due) {
        const bool was_late = late && asked != Order::none;
        return bites ? std::optional{LifeState::starting} : was_late ? end_of(asked) : std::nullopt;
    }
    const auto end = end_of(what);
    if (end && scene.asks && listens && asked == Order::none) {
        asked = what;
        late = false;
        return std::nullopt;
    }
    if (end) {
        asked = Order::none;
    }
    return end;
}

inline Program LifeWorld::obeys(VCpu& self) {
    auto& me = mind(self);
    const bool in_guest = me.in_guest;
    const bool early = scene.wrong == Wrong::take_before_claim;
    me.taken = Order::none;
    if (early) {
        take_order(me);
        co_await at(self, 13);
    }
    co_await claims_end(self, in_guest ? 18 : 19);
    if (!me.from) {
        co_return;
    }
    co_await at(self, in_guest ? 14 : 15);
    if (!early) {
        take_order(me);
    }
    if (const auto next = meaning_of(me.taken, true)) {
        me.next = *next;
        co_await ends(self);
        co_return;
    }
    co_await at(self, in_guest ? 16 : 17);
    disown(scene.wrong == Wrong::gives_back_running ? LifeState::running : *me.from);
    me.in_guest = in_guest;
}

inline Program LifeWorld::parks(VCpu& self) {
    auto& me = mind(self);
    co_await at(self, 20);
    if (life.has_order()) {
        co_await obeys_parked(self);
    }
    co_await at(self, 21);
    if (hsm::take_start(self)) {
        co_await at(self, 22);
        if (self.stop_ordered == 0) {
            co_await at(self, 23);
            me.attention = me.attention || life.has_order();
            enter(me);
            co_return;
        }
        hsm::stop(self, [] {});
    }
    co_await at(self, 24, [&me] { return me.attention; });
    me.attention = false;
}

inline Program LifeWorld::obeys_parked(VCpu& self) {
    auto& me = mind(self);
    me.was_parked = true;
    co_await at(self, 25);
    const auto state = life.state();
    if (life.is_over() || state == LifeState::waiting) {
        co_await obeys_at_rest(self, state);
        co_return;
    }
    co_await at(self, 26);
    if (!life.claim(LifeState::running, LifeState::stopping)) {
        co_return;
    }
    own();
    me.from = LifeState::running;
    co_await at(self, 27);
    if (!all_parked() && scene.wrong != Wrong::ends_what_starts) {
        disown(LifeState::running);
        co_return;
    }
    co_await at(self, 28);
    take_order(me);
    if (const auto next = meaning_of(me.taken, false)) {
        me.next = *next;
        co_await ends(self);
        co_return;
    }
    co_await at(self, 29);
    disown(LifeState::running);
}

inline Program LifeWorld::obeys_at_rest(VCpu& self, LifeState state) {
    auto& me = mind(self);
    const bool waits = state == LifeState::waiting;
    const bool early = scene.wrong == Wrong::take_before_claim;
    const int which = 100 * static_cast<int>(state);
    me.taken = Order::none;
    if (early) {
        take_order(me);
    }
    co_await at(self, 30 + which);
    if (!life.claim(state, LifeState::starting)) {
        co_return;
    }
    own();
    co_await at(self, 31 + which);
    if (!early) {
        take_order(me);
    }
    const bool may_turn = waits || scene.wrong == Wrong::turn_in_any_state;
    if (me.taken == Order::restart || (me.taken == Order::turn && may_turn)) {
        co_await begins(self);
    } else if (me.taken == Order::off && waits) {
        co_await at(self, 32);
        disown(LifeState::off);
    } else {
        co_await at(self, 33 + which);
        disown(state);
        mind(other(self)).attention = true;
        me.attention = true;
    }
}

/// stop_siblings and end_life.
inline Program LifeWorld::ends(VCpu& self) {
    auto& me = mind(self);
    auto& sibling = other(self);
    me.in_guest = false;
    me.parked = true;
    for (auto* target : {&harts[0], &harts[1]}) {
        co_await at(self, 40 + static_cast<int>(target->index));
        target->stop_ordered = 1;
        if (target == &sibling && hsm::state_of(sibling) != HsmState::stopped) {
            mind(sibling).attention = true;
        }
    }
    co_await at(self, 42, [&sibling] { return hsm::state_of(sibling) == HsmState::stopped; });
    hsm::stop(self, [] {});
    hsm::abandon_start(self);
    ++endings;
    if (const auto wanted = end_of(asked)) {
        me.next = *wanted;
        if (scene.wrong != Wrong::keeps_asking) {
            asked = Order::none;
        }
    }
    co_await at(self, 43);
    if (me.next == LifeState::starting) {
        life.settle(LifeState::starting);
        co_await begins(self);
    } else {
        disown(me.next);
    }
}

/// begin_life and start_guest.
inline Program LifeWorld::begins(VCpu& self) {
    const bool early = scene.wrong == Wrong::running_before_claim;
    co_await at(self, 50);
    bites = false;
    clearing = true;
    for (const auto& each : minds) {
        expect(!each.in_guest, "memory is written while a hart is in the guest");
    }
    co_await at(self, 51);
    clearing = false;
    ++lives;
    if (early) {
        disown(LifeState::running);
    }
    for (const std::uint32_t i : {0U, 1U}) {
        co_await at(self, 52 + static_cast<int>(i));
        harts[i].stop_ordered = 0;
    }
    harts[0].starts_forbidden = 0;
    co_await at(self, 54);
    hsm::claim_start(harts[0]);
    co_await at(self, 55);
    if (!early) {
        disown(LifeState::running);
    }
    co_await at(self, 56);
    hsm::publish_start(harts[0], {});
    co_await at(self, 57);
    minds[0].attention = true;
}

}  // namespace mullion
