// SPDX-License-Identifier: Apache-2.0
// A guest's life under every interleaving of its harts, its operator and the time (walked/world.hpp).
#include <array>
#include <vector>

#include "walked/walk.hpp"

namespace mullion {
namespace {

using Acts = std::vector<Act>;

TEST(Life, EndsOnceWhateverTwoHartsDo) {
    const std::vector<Acts> all{{},          {Act::off},   {Act::reboot},         {Act::crash},
                                {Act::stop}, {Act::start}, {Act::try_suspend_all}};
    for (const auto& first : all) {
        for (const auto& second : all) {
            expect_sound({.acts = {{first, second}}});
        }
    }
}

TEST(Life, ObeysAnOrderWhateverTwoHartsDo) {
    for (const auto order : {Order::restart, Order::off}) {
        expect_sound({.orders = {order}});
        expect_sound({.acts = {{{Act::stop}, {Act::stop}}}, .orders = {order}});
    }
    expect_sound({.acts = {{{Act::off}, {}}}, .orders = {Order::restart}});
    expect_sound({.acts = {{{Act::start}, {Act::stop}}}, .orders = {Order::off}});
}

TEST(Life, HasOneOwnerAtATime) {
    expect_sound({.acts = {{{Act::reboot}, {Act::crash}}}, .races = true});
    expect_sound({.orders = {Order::restart}, .races = true});
    expect_sound({.from = LifeState::waiting, .orders = {Order::restart}, .races = true});
}

// --- at rest -------------------------------------------------------------------------------------------------------

TEST(Life, BeginsWhenTheOperatorAsks) {
    for (const auto from : {LifeState::off, LifeState::waiting}) {
        expect_sound({.from = from, .orders = {Order::restart}});
        expect_sound({.from = from, .orders = {Order::off}});
    }
}

TEST(WaitingLife, BeginsWhenItsTurnComes) {
    expect_sound({.from = LifeState::waiting, .turn = true});
}

TEST(WaitingLife, ObeysAnOrderBeforeAndAfterItsTurn) {
    expect_sound({.from = LifeState::waiting, .orders = {Order::off}, .turn = true});
}

// --- suspended -----------------------------------------------------------------------------------------------------

TEST(SuspendedLife, EndsByAnOrderWhetherItWakesOrNot) {
    for (const bool wakes : {false, true}) {
        expect_sound({.acts = {{{Act::suspend_all}, {Act::stop}}}, .wakes = wakes});
        expect_sound(
            {.acts = {{{}, {Act::suspend_all}}}, .parked = {true, false}, .orders = {Order::off}, .wakes = wakes});
    }
}

// --- the watchdog, and a guest that is asked to end ----------------------------------------------------------------

TEST(WatchedLife, BeginsAnewOnceWhateverTwoHartsDo) {
    const std::vector<std::array<Acts, 2>> lives{
        {{{}, {}}}, {{{Act::off}, {}}}, {{{Act::stop}, {Act::stop}}}, {{{Act::kick}, {}}}, {{{}, {Act::reboot}}}};
    for (const auto& acts : lives) {
        expect_sound({.acts = {{acts[0], acts[1]}}, .watched = true});
    }
}

TEST(AskedLife, EndsByItselfOrWhenItsTimeIsOver) {
    expect_sound({.orders = {Order::restart}, .asks = true});
    expect_sound({.orders = {Order::off}, .asks = true});
    expect_sound({.acts = {{{Act::off}, {}}}, .parked = {false, true}, .orders = {Order::restart}, .asks = true});
}

TEST(AskedLife, EndsByTheSecondOrder) {
    expect_sound({.parked = {false, true}, .orders = {Order::restart, Order::off}, .asks = true});
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
