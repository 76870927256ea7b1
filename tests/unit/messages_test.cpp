// SPDX-License-Identifier: Apache-2.0
// Tests that no message is lost, in every interleaving of senders and targets, by either way of delivery.
#include "vm/messages.hpp"

#include "walked/walk.hpp"

namespace mullion {
namespace {

using enum Act;

struct Messages : testing::TestWithParam<Delivery> {
    static void expect_sound(const Scene& scene) { mullion::expect_sound(scene, GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(By, Messages, testing::Values(Delivery::interrupt_files, Delivery::words),
                         [](const auto& delivery) {
                             return delivery.param == Delivery::words ? "Words" : "InterruptFiles";
                         });

// --- the walk itself ------------------------------------------------------------------------------------------------

struct TwoThatCount {
    explicit TwoThatCount(std::set<std::uint32_t>& sums) : found(sums) {
        for (int i = 0; i < 2; ++i) {
            programs.emplace_back([this] {
                sum.store(sum.load(std::memory_order_seq_cst) + 1, std::memory_order_seq_cst);
                *owned = 1;
            });
        }
    }
    void check() { found.insert(static_cast<std::uint32_t>(sum.bits())); }
    void race() { found.insert(0); }
    Atomic<std::uint32_t> sum{0};
    Owned<std::uint32_t> owned{0};
    std::vector<std::function<void()>> programs;
    std::set<std::uint32_t>& found;
};

TEST(Walk, SeesBothEndsOfARaceAndTwoOwners) {
    std::set<std::uint32_t> sums;
    walked::walk_code([&] { return std::make_unique<TwoThatCount>(sums); });
    EXPECT_THAT(sums, testing::ElementsAre(0, 1, 2));
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
    expect_sound({.acts = {{{}, {start, stop}}}, .parked = {true, false}, .news = true});
}

TEST_P(Messages, ForTheDevicesReachSomebodyWhereAHartSleeps) {
    expect_sound({.acts = {{{suspend}, {interrupt, stop}}}, .news = true});
    expect_sound({.acts = {{{suspend_all}, {interrupt, stop}}}, .news = true});
}

TEST_P(Messages, ForTheDevicesReachSomebodyWhereTheGuestBeginsAgain) {
    expect_sound({.acts = {{{reboot}, {}}}, .news = true});
    expect_sound({.acts = {{{}, {reboot}}}, .parked = {true, false}, .news = true});
}

// --- orders, keys ---------------------------------------------------------------------------------------------------

TEST_P(Messages, WithAnOrderAreObeyedWhateverTheHartsDo) {
    expect_sound({.acts = {{{stop}, {}}}, .orders = {Order::off}});
    expect_sound({.acts = {{{}, {start, stop}}}, .parked = {true, false}, .orders = {Order::off}});
    expect_sound({.acts = {{{suspend}, {interrupt}}}, .orders = {Order::off}});
}

TEST_P(Messages, OfTheUartAreTakenWhateverTheHartDoes) {
    for (const auto& life : std::vector<std::vector<Act>>{{}, {stop}, {suspend}}) {
        expect_sound({.acts = {{life, {start, interrupt}}}, .key = true});
    }
}

// --- interrupts and events ------------------------------------------------------------------------------------------

TEST_P(Messages, FromASiblingReachAHartOnceItsStartHasSucceeded) {
    for (const bool key : {false, true}) {
        expect_sound({.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}, .key = key});
    }
    expect_sound({.acts = {{{stop, suspend}, {start, interrupt}}}});
    expect_sound({.acts = {{{suspend}, {start, interrupt}}}, .parked = {true, false}, .news = true});
}

TEST_P(Messages, AboutAnEventReachAHartOnceItsStartHasSucceeded) {
    expect_sound({.acts = {{{}, {start, inject}}}, .parked = {true, false}});
    expect_sound({.acts = {{{stop}, {start, inject}}}});
}

// --- requests -------------------------------------------------------------------------------------------------------

TEST_P(Messages, OfSiblingsAreAnsweredWhateverTheHartsDo) {
    for (const auto& life : std::vector<std::vector<Act>>{{}, {stop}, {fence}, {suspend}}) {
        expect_sound({.acts = {{life, {fence, interrupt}}}});
    }
    expect_sound({.acts = {{{reboot}, {fence}}}});
}

}  // namespace
}  // namespace mullion
