// SPDX-License-Identifier: Apache-2.0
// A guest's life under every interleaving of two harts and an operator. Each hart's program is what it does in the
// guest (an event of its own, attention that somebody called for), in the park loop, and as the one that ends and
// begins lives (run/life.cpp, run/start.cpp, vm/lifecycle.hpp), with a step before each access to what the harts share.
#include "vm/life.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "fake_sbi_port.hpp"
#include "interleavings.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// What a hart does once, in the guest's first life.
enum class Event : std::uint8_t { none, off, reboot, crash, stop, start };

/// What the code must not do, to see that the walk finds it.
enum class Wrong : std::uint8_t {
    nothing,
    running_before_claim,  ///< a life is `running` before the first hart is START_PENDING
    take_before_claim,     ///< an order is taken before the state is claimed, and lost with the claim
    no_election,           ///< whoever wants to end the guest does
};

struct Scene {
    bool alive = true;  ///< both harts are in the guest; else it is off
    std::array<Event, 2> events{};
    std::vector<Order> orders;
    Wrong wrong = Wrong::nothing;
};

constexpr std::size_t harts_used = 2;

struct World : FakeHarts {
    World(const Scene& what, std::set<std::string>& found) : scene(what), faults(found), events(what.events) {
        if (scene.alive) {
            life.settle(LifeState::running);
            lives = 1;
        }
        for (std::uint32_t i = 0; i < harts_used; ++i) {
            set(i, scene.alive ? HsmState::started : HsmState::stopped);
            in_guest[i] = scene.alive;
            programs.push_back(hart(harts[i]));
        }
        programs.push_back(gives_orders());
    }

    const Scene& scene;
    std::set<std::string>& faults;
    std::vector<Program> programs;
    Life life;
    std::array<Event, 2> events;
    std::array<bool, 3> in_guest{};
    std::array<bool, 3> attention{};  ///< identity 2 is pending at the hart's interrupt file
    std::array<int, 3> where{};       ///< position of each program, for the fingerprint
    Order order = Order::none;        ///< what life holds
    int owners = 0;                   ///< harts that begin or end a life
    bool clearing = false;            ///< one of them writes the guest's memory
    int lives = 0;
    int endings = 0;
    int lives_at_last_order = 0;

    std::string fingerprint() const {
        std::string text;
        const auto add = [&text](auto value) {
            const auto number = static_cast<std::uint32_t>(value);
            text.append({static_cast<char>(number), static_cast<char>(number >> 8), static_cast<char>(number >> 16)});
        };
        add(life.state());
        add(order);
        for (const int number : {owners, int{clearing}, lives, endings, lives_at_last_order}) {
            add(number);
        }
        for (std::size_t i = 0; i < harts_used; ++i) {
            add(harts[i].state.load());
            add(harts[i].stop_ordered.load());
            add(in_guest[i] | attention[i] << 1);
            add(events[i]);
        }
        for (const auto position : where) {
            add(position);
        }
        return text;
    }

    void expect(bool holds, const char* what) {
        if (!holds) {
            faults.insert(what);
        }
    }

    // --- what the code does in one go ---

    void call_attention(VCpu& target) { attention[target.index] = true; }
    Order take_order() {
        order = Order::none;
        return life.take_order();
    }
    void own() {
        ++owners;
        expect(owners == 1, "a life with two owners");
    }
    void enter(VCpu& self) {
        in_guest[self.index] = true;
        expect(!clearing, "a hart in the guest while its memory is written");
    }

    /// A step of a program: everything between two of these is one access to what is shared.
    until at(VCpu& self, int position) {
        where[self.index] = position;
        return step();
    }

    // --- the programs ---

    Program gives_orders() {
        for (const auto what : scene.orders) {
            ++where[2];
            co_await step();
            life.give(what);
            order = what;
            lives_at_last_order = lives;
            for (std::uint32_t i = 0; i < harts_used; ++i) {
                ++where[2];
                co_await step();
                call_attention(harts[i]);
            }
        }
    }

    /// What a hart has found that ends the life or the rest.
    struct Reason {
        bool found = false;
        std::optional<LifeState> end;  ///< of its own event; none: an order
        bool parked = false;           ///< it may give up: another one obeys
    };

    Program hart(VCpu& self) {
        auto& me = in_guest[self.index];
        bool refused = false;  ///< another hart owns what the parked hart wanted: the loop goes on without it
        for (;;) {
            Reason reason;
            while (me && !reason.found) {  // in the guest
                where[self.index] = 1;
                co_await until([this, &self] { return attention[self.index] || may_act(self); });
                if (std::exchange(attention[self.index], false)) {
                    if (self.stop_ordered != 0) {
                        me = false;
                        hsm::stop(self);
                        break;
                    }
                    co_await at(self, 2);
                    reason.found = life.has_order();
                    continue;
                }
                const auto event = std::exchange(events[self.index], Event::none);
                if (event == Event::stop) {
                    me = false;
                    hsm::advance(self, HsmState::started, HsmState::stop_pending);
                    co_await at(self, 3);
                    hsm::advance(self, HsmState::stop_pending, HsmState::stopped);
                } else if (event != Event::start) {
                    reason = {true, end_of(event)};
                } else if (auto& target = other(self); hsm::claim_start(target) == HsmState::stopped) {
                    co_await at(self, 4);
                    if (target.stop_ordered != 0) {
                        hsm::abandon_start(target);
                    } else {
                        co_await at(self, 5);
                        hsm::publish_start(target, {});
                        call_attention(target);
                    }
                }
            }
            while (!me && !reason.found) {  // the park loop
                co_await at(self, refused ? 9 : 10);
                if (!std::exchange(refused, false) && life.has_order()) {
                    co_await at(self, 11);
                    const auto state = life.state();
                    co_await at(self, 12 + 100 * static_cast<int>(state));
                    if (life.is_over() || (state == LifeState::running && all_parked())) {
                        reason = {true, std::nullopt, true};
                        break;
                    }
                }
                co_await at(self, 13);
                if (hsm::take_start(self)) {
                    co_await at(self, 14);
                    if (self.stop_ordered == 0) {
                        co_await at(self, 15);
                        attention[self.index] = attention[self.index] || life.has_order();
                        enter(self);
                        break;
                    }
                    hsm::stop(self);
                }
                where[self.index] = 16;
                co_await until([this, &self] { return attention[self.index]; });
                attention[self.index] = false;
            }
            if (!reason.found) {
                continue;
            }

            // Who may act on it?
            const int locals = 100 * (1 + static_cast<int>(reason.end.value_or(LifeState::waiting))) +
                               (reason.parked ? 1000 : 0) + (me ? 2000 : 0);
            me = false;
            Order taken = Order::none;
            if (scene.wrong == Wrong::take_before_claim && !reason.end) {
                co_await at(self, 20 + locals);
                taken = take_order();
            }
            const int more = locals + 10'000 * static_cast<int>(taken);
            std::optional<LifeState> from;
            for (bool lost = false; !from && !lost;) {
                where[self.index] = 21 + more;
                co_await until([this, &self, reason] {
                    return reason.parked || self.stop_ordered != 0 || life.state() == LifeState::running ||
                           scene.wrong == Wrong::no_election;
                });
                from = claim(reason.parked);
                if (!from && scene.wrong == Wrong::no_election) {
                    from = LifeState::running;
                }
                lost = !from && (reason.parked || self.stop_ordered != 0);
            }
            if (!from) {
                hsm::stop(self);
                refused = reason.parked;
                continue;
            }
            own();
            if (!reason.end && scene.wrong != Wrong::take_before_claim) {
                co_await at(self, 23 + more + (from == LifeState::running ? 0 : 5000));
                taken = take_order();
            }
            const auto next = reason.end ? reason.end : end_of(taken);
            const bool rests = from != LifeState::running;
            if (!next || (rests && next != LifeState::starting)) {
                co_await at(self, 24 + locals + (rests ? 5000 : 0));
                --owners;
                life.settle(*from);
                if (!reason.parked) {
                    me = true;  // nothing to do after all
                }
                if (rests) {
                    call_attention(harts[0]);
                    call_attention(harts[1]);
                }
                continue;
            }

            // stop_siblings and end_life
            const int last = 100 * (1 + static_cast<int>(*next)) + (rests ? 5000 : 0);
            if (!rests) {
                auto& sibling = other(self);
                for (auto* target : {&harts[0], &harts[1]}) {
                    co_await at(self, 25 + static_cast<int>(target->index) + last);
                    target->stop_ordered = 1;
                    if (target == &sibling && hsm::state_of(sibling) != HsmState::stopped) {
                        call_attention(sibling);
                    }
                }
                where[self.index] = 27 + last;
                co_await until([&sibling] { return hsm::state_of(sibling) == HsmState::stopped; });
                hsm::stop(self);
                hsm::abandon_start(self);
                ++endings;
                co_await at(self, 28 + last);
                if (*next != LifeState::starting) {
                    --owners;
                    life.settle(*next);
                    continue;
                }
                life.settle(LifeState::starting);
            }
            // begin_life and start_guest
            co_await at(self, 40);
            clearing = true;
            expect(!in_guest[0] && !in_guest[1], "memory is written while a hart is in the guest");
            co_await at(self, 41);
            clearing = false;
            ++lives;
            if (scene.wrong == Wrong::running_before_claim) {
                --owners;
                life.settle(LifeState::running);
            }
            for (const std::uint32_t i : {0U, 1U}) {
                co_await at(self, 42 + static_cast<int>(i));
                harts[i].stop_ordered = 0;
            }
            co_await at(self, 44);
            hsm::claim_start(harts[0]);
            co_await at(self, 45);
            if (scene.wrong != Wrong::running_before_claim) {
                --owners;
                life.settle(LifeState::running);
            }
            co_await at(self, 46);
            hsm::publish_start(harts[0], {});
            co_await at(self, 47);
            call_attention(harts[0]);
        }
    }

    VCpu& other(const VCpu& self) { return harts[1 - self.index]; }
    std::optional<LifeState> claim(bool parked) {
        if (life.is_over()) {
            const auto state = life.state();
            return life.claim(state, LifeState::starting) ? std::optional{state} : std::nullopt;
        }
        return parked ? (all_parked() && life.claim(LifeState::running, LifeState::stopping)
                             ? std::optional{LifeState::running}
                             : std::nullopt)
                      : life.claim_end();
    }
    bool may_act(const VCpu& self) const { return lives == 1 && events[self.index] != Event::none; }
    bool all_parked() const {
        return hsm::state_of(harts[0]) == HsmState::stopped && hsm::state_of(harts[1]) == HsmState::stopped;
    }
    static std::optional<LifeState> end_of(Order what) {
        return what == Order::restart ? std::optional{LifeState::starting}
               : what == Order::off   ? std::optional{LifeState::off}
                                      : std::nullopt;
    }
    static LifeState end_of(Event event) {
        return event == Event::off ? LifeState::off : event == Event::reboot ? LifeState::starting : LifeState::crashed;
    }

    /// Nobody can go on.
    void check() {
        const auto state = life.state();
        expect(owners == 0, "an owner that never finishes");
        expect(state == LifeState::running || life.is_over(), "a state that nobody leaves");
        expect(order == Order::none, "an order that nobody obeys");
        expect(endings == lives - (state == LifeState::running ? 1 : 0), "a life that does not end once");
        for (std::size_t i = 0; i < harts_used; ++i) {
            const auto hsm_state = hsm::state_of(harts[i]);
            expect(hsm_state == (in_guest[i] ? HsmState::started : HsmState::stopped), "a hart that stays in between");
            expect(!in_guest[i] || state == LifeState::running, "a hart in a guest that does not run");
        }
        if (!scene.orders.empty() && scene.orders.back() == Order::off) {
            expect(life.is_over(), "a guest that was switched off and runs");
        }
        if (!scene.orders.empty() && scene.orders.back() == Order::restart) {
            expect(state == LifeState::running && lives > lives_at_last_order, "a guest that was not restarted");
        }
    }
};

struct Result {
    std::set<std::string> faults;
    std::size_t states = 0;
};

Result walk(const Scene& scene) {
    Result result;
    result.states = walk_states([&] { return std::make_unique<World>(scene, result.faults); });
    return result;
}

void expect_sound(const Scene& scene) {
    const auto result = walk(scene);
    EXPECT_THAT(result.faults, IsEmpty())
        << static_cast<int>(scene.events[0]) << ' ' << static_cast<int>(scene.events[1]);
    EXPECT_GT(result.states, 3U);
}

constexpr std::array all_events{Event::none, Event::off, Event::reboot, Event::crash, Event::stop, Event::start};

TEST(Life, EndsOnceWhateverTwoHartsDo) {
    for (const auto first : all_events) {
        for (const auto second : all_events) {
            expect_sound({.events = {first, second}, .orders = {}});
        }
    }
}

TEST(Life, ObeysAnOrderWhateverTwoHartsDo) {
    using enum Event;
    const std::vector<std::array<Event, 2>> pairs{
        {off, none}, {reboot, stop}, {reboot, crash}, {start, stop}, {stop, stop}};
    for (const auto order : {Order::restart, Order::off}) {
        for (const auto& events : pairs) {
            expect_sound({.events = events, .orders = {order}});
        }
    }
}

TEST(Life, ObeysTheLatestOrder) {
    expect_sound({.alive = false, .orders = {Order::restart, Order::off}});
    expect_sound({.alive = false, .orders = {Order::off, Order::restart}});
}

TEST(Life, IsSeenToStartAgainWhileItStarts) {
    EXPECT_THAT(
        walk({.alive = false, .orders = {Order::restart, Order::off}, .wrong = Wrong::running_before_claim}).faults,
        Not(IsEmpty()));
}

TEST(Life, IsSeenToLoseAnOrderThatIsTakenTooEarly) {
    EXPECT_THAT(walk({.events = {Event::off}, .orders = {Order::restart}, .wrong = Wrong::take_before_claim}).faults,
                Contains("a guest that was not restarted"));
    EXPECT_THAT(
        walk({.alive = false, .orders = {Order::restart, Order::off}, .wrong = Wrong::take_before_claim}).faults,
        Contains("a guest that was switched off and runs"));
}

TEST(Life, IsSeenToEndTwiceWithoutAnElection) {
    EXPECT_THAT(walk({.events = {Event::off, Event::crash}, .orders = {}, .wrong = Wrong::no_election}).faults,
                Not(IsEmpty()));
}

TEST(LifeState, HasANameEach) {
    std::set<std::string_view> names;
    for (const auto state : {LifeState::off, LifeState::waiting, LifeState::starting, LifeState::running,
                             LifeState::suspended, LifeState::stopping, LifeState::crashed}) {
        EXPECT_TRUE(names.insert(name_of(state)).second) << name_of(state);
    }
}

}  // namespace
}  // namespace mullion
