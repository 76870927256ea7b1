// SPDX-License-Identifier: Apache-2.0
// A guest of two harts, its operator and the time, as programs whose interleavings are walked (interleavings.hpp). Each
// hart's program is what it does in the guest (an event of its own, attention that somebody called for), suspended, in
// the park loop, and as the one that ends and begins lives (run/life.cpp, run/start.cpp, run/park.cpp,
// vm/life/lifecycle.hpp), with a step before each access to what the harts share.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fake_sbi_port.hpp"
#include "interleavings.hpp"
#include "vm/life/states.hpp"

namespace mullion {

/// What a hart does once, in the guest's first life.
enum class Event : std::uint8_t { none, off, reboot, crash, stop, start, suspend };

/// What the code must not do, to see that the walk finds it.
enum class Wrong : std::uint8_t {
    nothing,
    running_before_claim,    ///< a life is `running` before the first hart is START_PENDING
    take_before_claim,       ///< an order is taken before the state is claimed, and lost with the claim
    no_election,             ///< whoever wants to end the guest does
    suspends_beside_others,  ///< without looking whether the other hart is STOPPED
    ends_what_starts,        ///< a parked hart does not look at the others after its claim
    gives_back_running,      ///< whatever the state was that it claimed
    turn_in_any_state,       ///< a guest's turn starts it though it does not wait any more
    time_overrides,          ///< an order of time takes the operator's place
    keeps_asking,            ///< that it was asked to end is not forgotten when it has ended
};

struct Scene {
    LifeState from = LifeState::running;  ///< with both harts in the guest; or waiting, or off
    std::array<Event, 2> events{};
    std::vector<Order> orders{};
    std::vector<Order> times{};  ///< orders of time
    bool bites = false;          ///< ... by the watchdog of the first life
    bool asks = false;           ///< the guest is asked before it is ended
    bool wakes = true;           ///< what suspends itself gets an interrupt
    Wrong wrong = Wrong::nothing;
};

class LifeWorld : public FakeHarts {
 public:
    LifeWorld(const Scene& what, std::set<std::string>& found)
        : scene(what), faults(found), events(what.events), bites(what.bites) {
        const bool alive = scene.from == LifeState::running;
        life.settle(scene.from);
        lives = alive ? 1 : 0;
        for (std::uint32_t i = 0; i < hart_count; ++i) {
            set(i, alive ? HsmState::started : HsmState::stopped);
            minds[i].in_guest = alive;
            minds[i].parked = !alive;
            programs.push_back(hart(harts[i]));
        }
        programs.push_back(gives_orders());
        programs.push_back(passes());
    }

    std::vector<Program> programs;

    std::string fingerprint() const;
    /// Nobody can go on.
    void check();

 private:
    static constexpr std::size_t hart_count = 2;

    struct Mind {
        bool in_guest = false;
        bool parked = false;     ///< in the park loop, or on its way there
        bool attention = false;  ///< identity 2 is pending at the hart's interrupt file
        bool woken = false;
        bool was_parked = false;        ///< when it claimed
        std::optional<LifeState> from;  ///< what it has claimed
        Order taken = Order::none;
        LifeState next = LifeState::off;
        int where = 0;
    };

    void expect(bool holds, const char* what) {
        if (!holds) {
            faults.insert(what);
        }
    }
    Mind& mind(const VCpu& self) { return minds[self.index]; }
    VCpu& other(const VCpu& self) { return harts[1 - self.index]; }
    bool all_parked() const { return hsm::all_stopped(std::span{harts}.first(hart_count)); }
    bool may_act(const VCpu& self) const { return lives == 1 && events[self.index] != Event::none; }

    static std::optional<LifeState> end_of(Order what) {
        return what == Order::restart ? std::optional{LifeState::starting}
               : what == Order::off   ? std::optional{LifeState::off}
                                      : std::nullopt;
    }
    static LifeState end_of(Event event) {
        return event == Event::off ? LifeState::off : event == Event::reboot ? LifeState::starting : LifeState::crashed;
    }

    // --- what the code does in one go ---

    void give(Order what, bool over_others) {
        if (over_others) {
            life.give(what);
            order = what;
        } else {
            life.offer(what);
            order = order == Order::none ? what : order;
        }
    }
    void take_order(Mind& me) {
        me.taken = life.take_order();
        order = Order::none;
    }
    void own() {
        ++owners;
        expect(owners == 1, "a life with two owners");
    }
    void disown(LifeState state) {
        --owners;
        life.settle(state);
    }
    void enter(Mind& me) {
        me.in_guest = true;
        me.parked = false;
        expect(!clearing, "a hart in the guest while its memory is written");
    }
    /// On the order to stop.
    void stop(VCpu& self) {
        mind(self).in_guest = false;
        mind(self).parked = true;
        hsm::stop(self, [] {});
    }
    std::optional<LifeState> meaning_of(Order what, bool listens);

    /// A step of a hart: everything between two of these is one access to what is shared.
    until at(VCpu& self, int position) {
        mind(self).where = position;
        return step();
    }
    until at(VCpu& self, int position, std::function<bool()> condition) {
        mind(self).where = position;
        return until(std::move(condition));
    }

    // --- the programs and their parts ---

    Program gives_orders();
    Program passes();
    Program tells_all(int& where);

    Program hart(VCpu& self);
    Program runs(VCpu& self);
    Program acts(VCpu& self, Event event);
    Program starts_other(VCpu& self);
    Program suspends(VCpu& self);
    Program attends(VCpu& self);
    Program claims_end(VCpu& self, int position);
    Program obeys(VCpu& self);
    Program parks(VCpu& self);
    Program obeys_parked(VCpu& self);
    Program obeys_at_rest(VCpu& self, LifeState state);
    Program ends(VCpu& self);
    Program begins(VCpu& self);

    const Scene scene;
    std::set<std::string>& faults;
    Life life;
    std::array<Event, hart_count> events;
    std::array<Mind, hart_count> minds{};
    std::array<int, 2> where{};  ///< of the operator and of the time
    Order order = Order::none;   ///< what life holds
    Order asked = Order::none;   ///< what was asked of the guest
    bool late = false;           ///< and its time is over
    bool bites;                  ///< the watchdog, when it is looked at
    int owners = 0;              ///< harts that begin or end a life
    bool clearing = false;       ///< one of them writes the guest's memory
    int lives = 0;
    int endings = 0;
    int lives_at_last_order = 0;
};

inline std::string LifeWorld::fingerprint() const {
    std::string text;
    const auto add = [&text](auto value) {
        const auto number = static_cast<std::uint32_t>(value);
        text.append({static_cast<char>(number), static_cast<char>(number >> 8)});
    };
    for (const auto flag : {owners, lives, endings, lives_at_last_order, where[0], where[1]}) {
        add(flag);
    }
    add(static_cast<int>(life.state()) << 8 | static_cast<int>(order) << 4 | static_cast<int>(asked));
    add(clearing << 2 | late << 1 | bites << 0);
    add(harts[0].starts_forbidden.load());
    for (std::size_t i = 0; i < hart_count; ++i) {
        const auto& me = minds[i];
        add(harts[i].state.load());
        add(harts[i].stop_ordered.load() << 4 | me.in_guest << 3 | me.parked << 2 | me.attention << 1 | me.woken);
        add(me.was_parked);
        add(static_cast<int>(events[i]) << 4 | static_cast<int>(me.taken));
        add(static_cast<int>(me.from.value_or(LifeState::off)) << 4 | static_cast<int>(me.next));
        add(me.where);
    }
    return text;
}

inline void LifeWorld::check() {
    const auto state = life.state();
    const bool alive = state == LifeState::running || state == LifeState::suspended;
    const auto last = scene.orders.empty() ? Order::none : scene.orders.back();
    expect(owners == 0, "an owner that never finishes");
    expect(alive || life.is_over() || (state == LifeState::waiting && scene.times.empty()),
           "a state that nobody leaves");
    expect(state != LifeState::suspended || !scene.wakes, "a guest that does not wake");
    expect(order == Order::none, "an order that nobody obeys");
    expect(asked == Order::none, "a guest that was asked to end and has not");
    expect(endings == lives - (alive ? 1 : 0), "a life that does not end once");
    for (std::size_t i = 0; i < hart_count; ++i) {
        const bool started = minds[i].in_guest || (!minds[i].parked && state == LifeState::suspended);
        expect(hsm::state_of(harts[i]) == (started ? HsmState::started : HsmState::stopped),
               "a hart that stays in between");
        expect(!minds[i].in_guest || state == LifeState::running, "a hart in a guest that does not run");
    }
    expect(last != Order::off || life.is_over(), "a guest that was switched off and runs");
    expect(last != Order::restart || (state == LifeState::running && lives > lives_at_last_order),
           "a guest that was not restarted");
    expect(lives <= 1 + static_cast<int>(scene.orders.size()) + (scene.from == LifeState::running ? 1 : 0),
           "a life that began without a reason");
}

}  // namespace mullion
