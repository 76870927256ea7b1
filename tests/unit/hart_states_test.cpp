// SPDX-License-Identifier: Apache-2.0
// The states of a guest's harts under every interleaving of the harts that use them (walked/world.hpp).
#include "vm/hart_states.hpp"

#include "walked/walk.hpp"

namespace mullion {
namespace {

using enum Act;

TEST(HartStates, GiveAHartToOneOfTwoStartersWithAWholeEntry) {
    expect_sound({.acts = {{{start}, {start}, {}}}, .parked = {false, false, true}, .harts = 3, .races = true});
}

TEST(HartStates, LoseNoStartThatWasAnsweredWithSuccessToAStop) {
    expect_sound({.acts = {{{start}, {stop}}}, .races = true});
    expect_sound({.acts = {{{start, start}, {stop, stop}}}});
}

TEST(HartStates, LetNoHartStartWithOldInstructions) {
    expect_sound({.acts = {{{start, fence}, {}}}, .parked = {false, true}});
    expect_sound({.acts = {{{start}, {fence}, {}}}, .parked = {false, false, true}, .harts = 3});
}

TEST(HartStates, LetNoHartResumeWithOldInstructions) {
    expect_sound({.acts = {{{fence, interrupt}, {suspend}}}});
    expect_sound({.acts = {{{interrupt, fence}, {suspend}}}});
}

TEST(HartStates, KeepNobodyWaitingForAHartThatStops) {
    expect_sound({.acts = {{{fence}, {stop}}}});
}

TEST(HartStates, LeaveNoOldInstructionsWhenTwoHartsFenceOne) {
    expect_sound({.acts = {{{fence}, {fence}, {}}}, .harts = 3});
    expect_sound({.acts = {{{fence}, {fence}}}});
}

TEST(HartStates, LetNoHartStartWhenItsGuestHasEnded) {
    expect_sound({.acts = {{{off}, {start}, {}}}, .parked = {false, false, true}, .harts = 3});
}

TEST(HartStates, ElectOneOfTwoHartsThatEndTheirGuest) {
    expect_sound({.acts = {{{off}, {crash}}}, .races = true});
}

TEST(HartStates, LetNoHartRunBesideOneThatSuspendsTheGuest) {
    expect_sound({.acts = {{{try_suspend_all}, {start, stop}, {}}}, .parked = {false, false, true}, .harts = 3});
}

TEST(HartStates, KeepTheWishToBeAloneWhenAnotherGivesUpTheSame) {
    expect_sound({.acts = {{{try_suspend_all}, {try_suspend_all, start, stop}, {}}},
                  .parked = {false, false, true},
                  .harts = 3});
}

TEST(HartStates, LetAStopThatNobodyOwnsPass) {
    FakeGuest fake;
    hsm::stop(fake.harts[1], [] {});
    EXPECT_EQ(fake.state(1), HsmState::stopped);
    EXPECT_FALSE(hsm::advance(fake.harts[1], HsmState::started, HsmState::stop_pending));
    fake.set(1, HsmState::start_pending);
    hsm::stop(fake.harts[1], [] {});
    EXPECT_EQ(fake.state(1), HsmState::start_pending);
}

}  // namespace
}  // namespace mullion
