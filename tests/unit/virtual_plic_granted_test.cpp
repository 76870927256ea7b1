// SPDX-License-Identifier: Apache-2.0
// What reaches the machine: granted sources, and reset.
#include "vm/virtual_plic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "virtual_plic_fixture.hpp"

namespace mullion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(VirtualPlicTest, ASourceIsRoutedToTheLowestHartThatHasItEnabledWithAPriority) {
    enable(2, rtc);
    EXPECT_THAT(port.take_history(), IsEmpty());
    set_priority(rtc, 3);
    EXPECT_THAT(port.take_history(), ElementsAre("route 11 hart 2"));
    set_priority(rtc, 1);
    EXPECT_THAT(port.take_history(), IsEmpty()) << "the machine's priority is always the same";
    enable(1, rtc);
    EXPECT_THAT(port.take_history(), ElementsAre("unroute 11 hart 2", "route 11 hart 1"));
    enable(2, rtc, false);
    EXPECT_THAT(port.take_history(), IsEmpty());
    set_priority(rtc, 0);
    EXPECT_THAT(port.take_history(), ElementsAre("unroute 11 hart 1"));
}

TEST_F(VirtualPlicTest, OnlyGrantedSourcesReachTheMachine) {
    for (std::uint32_t source = 0; source <= max_source; ++source) {
        set_priority(source, 1);
    }
    for (std::uint32_t word = 0; word < plic::source_words; ++word) {
        domain.write(enable_word(0, word), ~std::uint32_t{0});
    }
    EXPECT_THAT(port.take_history(), ElementsAre("route 11 hart 0", "route 40 hart 0"));
}

TEST_F(VirtualPlicTest, AnInterruptIsHeldInTheMachineUntilTheGuestCompletesIt) {
    ready(rtc, 1);
    port.drive(rtc, true);
    EXPECT_TRUE(interrupted(1));
    EXPECT_TRUE(port.sources[rtc].held);
    port.caller = 1;
    EXPECT_EQ(claim(1), rtc);
    EXPECT_FALSE(interrupted(1));
    EXPECT_THAT(port.take_history(), IsEmpty());
    complete(1, rtc);
    EXPECT_THAT(port.take_history(), ElementsAre("release 11 hart 1"));
    EXPECT_TRUE(interrupted(1)) << "its wire is still up";
    port.drive(rtc, false);
    EXPECT_EQ(claim(1), rtc);
    complete(1, rtc);
    EXPECT_FALSE(interrupted(1));
}

TEST_F(VirtualPlicTest, AHeldSourceIsMovedWhenItIsReleased) {
    ready(rtc, 0);
    port.drive(rtc, true);
    EXPECT_TRUE(interrupted(0));
    enable(0, rtc, false);
    enable(2, rtc);
    EXPECT_TRUE(interrupted(2)) << "the request is for whoever has it enabled";
    EXPECT_THAT(port.take_history(), ElementsAre("send 2"));
    EXPECT_EQ(claim(2), rtc);
    complete(2, rtc);
    EXPECT_THAT(port.take_history(),
                testing::IsSupersetOf({"release 11 hart 0", "unroute 11 hart 0", "route 11 hart 2"}));
    EXPECT_TRUE(interrupted(2));
}

TEST_F(VirtualPlicTest, APendingBitIsSeenThoughNobodyMayClaim) {
    port.drive(far, true);
    EXPECT_TRUE(pending(far));
    EXPECT_FALSE(interrupted(0));
    EXPECT_EQ(claim(0), 0U);
}

TEST_F(VirtualPlicTest, ASourceThatArrivesTooLateGoesBackToWaitInTheMachine) {
    ready(rtc, 1);
    port.drive(rtc, true);
    ASSERT_EQ(port.claim(), rtc);
    port.caller = 0;
    enable(1, rtc, false);  // the arrival is on its way
    port.caller = 1;
    domain.arrive(rtc);
    EXPECT_FALSE(port.sources[rtc].held);
    EXPECT_TRUE(pending(rtc));
    EXPECT_FALSE(interrupted(1));
    enable(1, rtc);
    EXPECT_TRUE(interrupted(1));
}

TEST_F(VirtualPlicTest, AResetReleasesAndMasks) {
    ready(rtc, 1);
    ready(far, 2);
    port.drive(rtc, true);
    EXPECT_TRUE(interrupted(1));
    domain.reset();
    EXPECT_THAT(port.take_history(),
                testing::IsSupersetOf({"release 11 hart 1", "unroute 11 hart 1", "unroute 40 hart 2"}));
    port.drive(far, true);
    port.settle(domain);
    for (const auto& [hart, level] : port.external) {
        port.external[hart] = false;
    }
    domain.refresh();
    EXPECT_FALSE(interrupted(0));
}

}  // namespace
}  // namespace mullion::test
