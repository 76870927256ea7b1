// SPDX-License-Identifier: Apache-2.0
// A guest's life under every interleaving of its harts, its operator and the time (life_world.hpp).
#include "vm/life/states.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "life_programs.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

struct Result {
    std::set<std::string> faults;
    std::size_t states = 0;
};

Result walk(const Scene& scene) {
    Result result;
    result.states = walk_states([&] { return std::make_unique<LifeWorld>(scene, result.faults); });
    return result;
}

void expect_sound(const Scene& scene) {
    const auto result = walk(scene);
    EXPECT_THAT(result.faults, IsEmpty())
        << static_cast<int>(scene.events[0]) << ' ' << static_cast<int>(scene.events[1]);
    EXPECT_GT(result.states, 3U);
}

std::set<std::string> faults_of(Scene scene, Wrong wrong) {
    scene.wrong = wrong;
    return walk(scene).faults;
}

using enum Event;
using Pairs = std::vector<std::array<Event, 2>>;

constexpr std::array all_events{none, off, reboot, crash, stop, start, suspend};

TEST(Life, EndsOnceWhateverTwoHartsDo) {
    for (const auto first : all_events) {
        for (const auto second : all_events) {
            expect_sound({.events = {first, second}});
        }
    }
}

TEST(Life, ObeysAnOrderWhateverTwoHartsDo) {
    for (const auto order : {Order::restart, Order::off}) {
        for (const auto& events :
             Pairs{{off, none}, {reboot, stop}, {reboot, crash}, {start, stop}, {stop, stop}, {suspend, stop}}) {
            expect_sound({.events = events, .orders = {order}});
        }
    }
}

TEST(Life, ObeysTheLatestOrder) {
    for (const auto from : {LifeState::off, LifeState::waiting}) {
        expect_sound({.from = from, .orders = {Order::restart, Order::off}});
        expect_sound({.from = from, .orders = {Order::off, Order::restart}});
    }
}

// --- waiting -------------------------------------------------------------------------------------------------------

TEST(WaitingLife, BeginsWhenItsTurnComes) {
    expect_sound({.from = LifeState::waiting, .times = {Order::turn}});
}

TEST(WaitingLife, ObeysAnOrderBeforeAndAfterItsTurn) {
    for (const auto order : {Order::restart, Order::off}) {
        expect_sound({.from = LifeState::waiting, .orders = {order}, .times = {Order::turn}});
    }
}

TEST(WaitingLife, IsSeenToBeginThoughItWasSwitchedOff) {
    EXPECT_THAT(faults_of({.from = LifeState::waiting, .orders = {Order::off}, .times = {Order::turn}},
                          Wrong::turn_in_any_state),
                Contains("a guest that was switched off and runs"));
}

// --- suspended -----------------------------------------------------------------------------------------------------

TEST(SuspendedLife, EndsByAnOrderWhetherItWakesOrNot) {
    for (const bool wakes : {false, true}) {
        expect_sound({.events = {suspend, stop}, .wakes = wakes});
        for (const auto order : {Order::restart, Order::off}) {
            expect_sound({.events = {stop, suspend}, .orders = {order}, .wakes = wakes});
        }
    }
}

TEST(SuspendedLife, IsLeftAsItIsByATimeThatFindsNothing) {
    expect_sound({.events = {suspend, stop}, .times = {Order::due}});
}

TEST(SuspendedLife, IsSeenToBeginBesideAHartThatEndsIt) {
    EXPECT_THAT(faults_of({.events = {suspend, off}}, Wrong::suspends_beside_others), Not(IsEmpty()));
}

TEST(SuspendedLife, IsSeenToRunWhenItIsGivenBackWrongly) {
    EXPECT_THAT(faults_of({.events = {suspend, stop}, .times = {Order::due}}, Wrong::gives_back_running),
                Contains("a guest that wakes and was not suspended"));
}

// --- the watchdog, and a guest that is asked to end ----------------------------------------------------------------

TEST(WatchedLife, BeginsAnewOnceWhateverTwoHartsDo) {
    for (const auto& events : Pairs{{none, none}, {stop, stop}, {off, none}, {reboot, none}, {suspend, stop}}) {
        expect_sound({.events = events, .times = {Order::due}, .bites = true});
    }
}

TEST(WatchedLife, ObeysTheOperatorWhetherItBitesOrNot) {
    for (const bool bites : {false, true}) {
        for (const auto order : {Order::restart, Order::off}) {
            expect_sound({.events = {none, stop}, .orders = {order}, .times = {Order::due}, .bites = bites});
        }
    }
}

TEST(WatchedLife, IsSeenToTakeTheOperatorsPlace) {
    EXPECT_THAT(faults_of({.orders = {Order::off}, .times = {Order::due}}, Wrong::time_overrides),
                Contains("a guest that was switched off and runs"));
}

TEST(AskedLife, EndsByItselfOrWhenItsTimeIsOver) {
    for (const auto order : {Order::restart, Order::off}) {
        for (const auto& events : Pairs{{none, none}, {off, none}, {reboot, stop}, {crash, stop}, {suspend, stop}}) {
            expect_sound({.events = events, .orders = {order}, .asks = true});
        }
    }
}

TEST(AskedLife, EndsByTheSecondOrder) {
    expect_sound({.orders = {Order::restart, Order::off}, .asks = true});
    expect_sound({.events = {off, none}, .orders = {Order::off, Order::restart}, .asks = true});
}

TEST(AskedLife, EndsByTheWatchdogToo) {
    expect_sound({.events = {none, stop}, .orders = {Order::off}, .times = {Order::due}, .bites = true, .asks = true});
}

TEST(AskedLife, IsSeenToBeAskedInTheNext) {
    EXPECT_THAT(faults_of({.events = {off, stop}, .orders = {Order::restart}, .asks = true}, Wrong::keeps_asking),
                Not(IsEmpty()));
}

// --- other mistakes ------------------------------------------------------------------------------------------------

TEST(Life, IsSeenToStartAgainWhileItStarts) {
    EXPECT_THAT(
        faults_of({.from = LifeState::off, .orders = {Order::restart, Order::off}}, Wrong::running_before_claim),
        Not(IsEmpty()));
}

TEST(Life, IsSeenToLoseAnOrderThatIsTakenTooEarly) {
    EXPECT_THAT(faults_of({.events = {off}, .orders = {Order::restart}}, Wrong::take_before_claim),
                Contains("a guest that was not restarted"));
    EXPECT_THAT(faults_of({.from = LifeState::off, .orders = {Order::restart, Order::off}}, Wrong::take_before_claim),
                Contains("a guest that was switched off and runs"));
}

TEST(Life, IsSeenToEndWhileItStarts) {
    EXPECT_THAT(faults_of({.from = LifeState::waiting, .orders = {Order::restart}, .times = {Order::turn}},
                          Wrong::ends_what_starts),
                Not(IsEmpty()));
}

TEST(Life, IsSeenToEndTwiceWithoutAnElection) {
    EXPECT_THAT(faults_of({.events = {off, crash}}, Wrong::no_election), Not(IsEmpty()));
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
