// SPDX-License-Identifier: Apache-2.0
// Walks guests' harts and lives (walked/world.hpp) in a memory as weak as C++ allows (walked/weak_memory.hpp). From
// hart_states_test, life_test and messages_test, the scenes are the smallest ones that have each race of
// vm/hart_states.hpp and vm/life/states.hpp.
#include <vector>

#include "walked/walk.hpp"

namespace mullion {
namespace {

using enum Act;

void expect_sound_weakly(const Scene& scene, Delivery delivery = Delivery::interrupt_files) {
    expect_sound(scene, delivery, walked::weak_unless_told());
}

// --- harts ----------------------------------------------------------------------------------------------------------

TEST(WeakHartStates, GiveAHartToOneOfTwoStartersWithAWholeEntry) {
    expect_sound_weakly({.acts = {{{start}, {start}, {}}}, .parked = {false, false, true}, .harts = 3, .races = true});
}

TEST(WeakHartStates, LoseNoStartThatWasAnsweredWithSuccessToAStop) {
    expect_sound_weakly({.acts = {{{start}, {stop}}}, .races = true});
}

TEST(WeakHartStates, LetNoHartStartWithOldInstructions) {
    expect_sound_weakly({.acts = {{{start, fence}, {}}}, .parked = {false, true}});
}

TEST(WeakHartStates, LetNoHartResumeWithOldInstructions) {
    expect_sound_weakly({.acts = {{{fence, interrupt}, {suspend}}}});
    expect_sound_weakly({.acts = {{{interrupt, fence}, {suspend}}}});
}

TEST(WeakHartStates, LeaveNoOldInstructionsWhenTwoHartsFenceEachOther) {
    expect_sound_weakly({.acts = {{{fence}, {fence}}}});
}

TEST(WeakHartStates, KeepNobodyWaitingForAHartThatStops) {
    expect_sound_weakly({.acts = {{{fence}, {stop}}}});
}

TEST(WeakHartStates, LetNoHartStartWhenItsGuestHasEnded) {
    expect_sound_weakly({.acts = {{{off}, {start}, {}}}, .parked = {false, false, true}, .harts = 3});
}

// --- lives ----------------------------------------------------------------------------------------------------------

TEST(WeakLife, EndsOnceWhateverTwoHartsDo) {
    for (const auto second : {crash, reboot, stop, start}) {
        expect_sound_weakly({.acts = {{{off}, {second}}}, .races = true});
    }
}

TEST(WeakLife, ObeysAnOrder) {
    for (const auto order : {Order::restart, Order::off}) {
        expect_sound_weakly({.orders = {order}, .races = true});
        expect_sound_weakly({.acts = {{{stop}, {stop}}}, .orders = {order}});
    }
}

TEST(WeakLife, BeginsWhenItsTurnComesOrTheOperatorAsks) {
    expect_sound_weakly({.from = LifeState::waiting, .turn = true, .races = true});
    expect_sound_weakly({.from = LifeState::waiting, .orders = {Order::off}});
    expect_sound_weakly({.from = LifeState::off, .orders = {Order::restart}});
}

TEST(WeakLife, EndsByAnOrderWhetherItWakesOrNot) {
    for (const bool wakes : {false, true}) {
        expect_sound_weakly({.acts = {{{suspend_all}, {stop}}}, .wakes = wakes});
    }
}

TEST(WeakLife, BeginsAnewWhenItsWatchdogExpires) {
    expect_sound_weakly({.acts = {{{kick}, {}}}, .watched = true});
}

// --- messages -------------------------------------------------------------------------------------------------------

struct WeakDelivery : testing::TestWithParam<Delivery> {
    static void expect_sound(const Scene& scene) { expect_sound_weakly(scene, GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(By, WeakDelivery, testing::Values(Delivery::interrupt_files, Delivery::words),
                         [](const auto& delivery) {
                             return delivery.param == Delivery::words ? "Words" : "InterruptFiles";
                         });

TEST_P(WeakDelivery, ReachesSomebodyWhateverTheHartsDo) {
    expect_sound({.acts = {{{stop}, {start}}}, .news = true});
    expect_sound({.acts = {{{suspend}, {interrupt, stop}}}, .news = true});
}

TEST_P(WeakDelivery, ReachesAHartOnceItsStartHasSucceeded) {
    expect_sound({.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}});
    expect_sound({.acts = {{{}, {start, inject}}}, .parked = {true, false}});
}

TEST_P(WeakDelivery, OfRequestsIsAnswered) {
    for (const auto& life : std::vector<std::vector<Act>>{{}, {fence}, {suspend}}) {
        expect_sound({.acts = {{life, {fence, interrupt}}}});
    }
}

TEST_P(WeakDelivery, OfAnOrderIsObeyed) {
    expect_sound({.acts = {{{stop}, {}}}, .orders = {Order::off}});
}

}  // namespace
}  // namespace mullion
