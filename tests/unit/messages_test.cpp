// SPDX-License-Identifier: Apache-2.0
// No message is lost, whatever its target does: every interleaving of senders and targets, by either way of delivery.
#include "vm/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "messages_programs.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::IsEmpty;
using enum Act;

std::set<std::string> faults_of(const Scene& scene, Delivery delivery, std::size_t at_least = 3) {
    std::set<std::string> faults;
    const auto states = walked::walk_code([&] { return std::make_unique<MessageWorld>(scene, delivery, faults); });
    EXPECT_GT(states, at_least);
    return faults;
}

struct Messages : testing::TestWithParam<Delivery> {
    static void expect_sound(const Scene& scene) { EXPECT_THAT(faults_of(scene, GetParam()), IsEmpty()); }
    static void expect_fault(Scene scene, Wrong wrong, const char* fault) {
        expect_sound(scene);
        scene.wrong = wrong;
        EXPECT_THAT(faults_of(scene, GetParam()), Contains(fault));
    }
};

INSTANTIATE_TEST_SUITE_P(By, Messages, testing::Values(Delivery::interrupt_files, Delivery::words),
                         [](const auto& delivery) {
                             return delivery.param == Delivery::words ? "Words" : "InterruptFiles";
                         });

// --- the walk itself ------------------------------------------------------------------------------------------------

struct TwoThatCount {
    explicit TwoThatCount(std::set<std::uint32_t>& sums) : found(sums) {
        for (int i = 0; i < 2; ++i) {
            programs.emplace_back(
                [this] { sum.store(sum.load(std::memory_order_seq_cst) + 1, std::memory_order_seq_cst); });
        }
    }
    void check() { found.insert(static_cast<std::uint32_t>(sum.bits())); }
    Atomic<std::uint32_t> sum{0};
    std::vector<std::function<void()>> programs;
    std::set<std::uint32_t>& found;
};

TEST(Walk, SeesBothEndsOfARace) {
    std::set<std::uint32_t> sums;
    walked::walk_code([&] { return std::make_unique<TwoThatCount>(sums); });
    EXPECT_THAT(sums, testing::ElementsAre(1, 2));
}

// --- attention ------------------------------------------------------------------------------------------------------

TEST_P(Messages, ForTheDevicesReachSomebodyWhateverTheHartsDo) {
    const std::vector<std::vector<Act>> lives{{}, {stop}, {start}};
    for (const auto& first : lives) {
        for (const auto& second : lives) {
            expect_sound({.acts = {{first, second}}, .news = true});
        }
    }
}

TEST_P(Messages, ForTheDevicesReachSomebodyWhereAHartIsStartedAllTheTime) {
    expect_sound({.acts = {{{stop, stop}, {start}}}, .news = true});
    expect_sound({.acts = {{{stop}, {start}}}, .parked = {true, false}, .news = true});
}

TEST_P(Messages, ForTheDevicesReachSomebodyWhereAHartSleeps) {
    expect_sound({.acts = {{{suspend}, {interrupt, stop}}}, .news = true});
    expect_sound({.acts = {{{suspend_guest}, {interrupt, stop}}}, .news = true});
}

TEST_P(Messages, ForTheDevicesReachSomebodyWhereTheGuestBeginsAgain) {
    expect_sound({.acts = {{{end}, {}}}, .news = true});
    expect_sound({.acts = {{{}, {end}}}, .parked = {true, false}, .news = true});
}

TEST_P(Messages, AreFoundLostWhereAParkedHartDropsAttention) {
    expect_fault({.acts = {{{stop}, {}}}, .news = true}, Wrong::parked_drops_attention,
                 "nobody looks after the devices");
    expect_fault({.acts = {{{}, {start, stop}}}, .parked = {true, false}, .news = true}, Wrong::parked_drops_attention,
                 "nobody looks after the devices");
}

TEST_P(Messages, AreFoundLostWhereTheWrongHartIsTold) {
    const Scene both_stop{.acts = {{{stop}, {stop}}}, .news = true};
    expect_fault(both_stop, Wrong::tells_nobody, "nobody looks after the devices");
}

TEST_P(Messages, AreFoundLostWhereASuspendedHartKeepsThem) {
    expect_fault({.acts = {{{suspend}, {interrupt}}}, .news = true}, Wrong::asleep_keeps_attention,
                 "nobody looks after the devices");
}

// --- orders, keys ---------------------------------------------------------------------------------------------------

TEST_P(Messages, WithAnOrderAreObeyedWhateverTheHartsDo) {
    expect_sound({.acts = {{{}, {}}}, .order = true});
    expect_sound({.acts = {{{stop}, {}}}, .order = true});
    expect_sound({.acts = {{{stop}, {stop}}}, .order = true});
    expect_sound({.acts = {{{suspend}, {interrupt}}}, .order = true});
}

TEST_P(Messages, WithAnOrderAreFoundLostWhereAHartThatStartsDoesNotLook) {
    expect_fault({.acts = {{{}, {start, stop}}}, .parked = {true, false}, .order = true}, Wrong::keeps_order,
                 "nobody obeys the order");
}

TEST_P(Messages, OfTheUartAreTakenWhateverTheHartDoes) {
    for (const auto& life : std::vector<std::vector<Act>>{{}, {stop}, {suspend}}) {
        expect_sound({.acts = {{life, {start, interrupt}}}, .key = true});
    }
}

// --- interrupts and events ------------------------------------------------------------------------------------------

TEST_P(Messages, FromASiblingReachAHartOnceItsStartHasSucceeded) {
    expect_sound({.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}});
    expect_sound({.acts = {{{stop, suspend}, {start, interrupt}}}});
    expect_sound({.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}, .news = true});
}

TEST_P(Messages, FromASiblingAreFoundLostWhereTheyAreDroppedTooLate) {
    const Scene starts{.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}, .key = true};
    expect_fault(starts, Wrong::drops_in_any_state, "a hart waits for ever");
    expect_fault(starts, Wrong::looks_at_the_state_first, "a hart waits for ever");
}

TEST_P(Messages, AboutAnEventReachAHartOnceItsStartHasSucceeded) {
    expect_sound({.acts = {{{}, {start, inject}}}, .parked = {true, false}});
    expect_sound({.acts = {{{stop}, {start, inject}}}});
}

TEST_P(Messages, AboutAnEventAreFoundLostWhereAHartForgetsTooLate) {
    expect_fault({.acts = {{{stop}, {start, inject}}}}, Wrong::quiet_once_stopped, "an event is forgotten");
    expect_fault({.acts = {{{}, {start, inject}}}, .parked = {true, false}}, Wrong::forgets_as_it_starts,
                 "an event is forgotten");
}

// --- requests -------------------------------------------------------------------------------------------------------

TEST_P(Messages, OfSiblingsAreAnsweredWhateverTheHartsDo) {
    for (const auto& life : std::vector<std::vector<Act>>{{}, {stop}, {fence}, {suspend}}) {
        expect_sound({.acts = {{life, {fence, interrupt}}}});
    }
    expect_sound({.acts = {{{end}, {fence}}}});
    expect_sound({.acts = {{{end}, {end}}}});
}

// --- the word beside an interrupt -----------------------------------------------------------------------------------

TEST(MessageWord, IsFoundToLoseAMessageWhereTheInterruptIsTakenBackLast) {
    const Scene both{.acts = {{{}, {interrupt}}}, .news = true, .wrong = Wrong::takes_word_first};
    EXPECT_THAT(faults_of(both, Delivery::words), Contains("nobody looks after the devices"));
}

}  // namespace
}  // namespace mullion
