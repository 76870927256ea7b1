// SPDX-License-Identifier: Apache-2.0
// The registers, rule by rule (RISC-V Platform-Level Interrupt Controller Specification 1.0), with virtual sources.
#include "vm/virtual_plic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "virtual_plic_fixture.hpp"

namespace mullion::test {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t ones = ~std::uint32_t{0};

// --- Interrupt Priorities --------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, PrioritiesHaveThreeBits) {
    for (const auto source : implemented) {
        EXPECT_EQ(priority(source), 0U);
        set_priority(source, ones);
        EXPECT_EQ(priority(source), 7U);
        set_priority(source, 5);
        EXPECT_EQ(priority(source), 5U);
    }
}

TEST_F(VirtualPlicTest, SourcesThatDoNotExistHaveNoPriority) {
    for (const std::uint32_t source : {0U, absent, 1023U}) {
        set_priority(source, 1);
        EXPECT_EQ(priority(source), 0U);
    }
}

TEST_F(VirtualPlicTest, PriorityZeroNeverInterrupts) {
    ready(uart);
    set_priority(uart, 0);
    domain.set_line(uart, true);
    EXPECT_FALSE(interrupted(0));
    EXPECT_TRUE(pending(uart));
    EXPECT_EQ(claim(0), 0U);
    set_priority(uart, 1);
    EXPECT_TRUE(interrupted(0));
    EXPECT_EQ(claim(0), uart);
}

TEST_F(VirtualPlicTest, TheHighestPriorityIsClaimedFirstAndThenTheLowestNumber) {
    for (const auto source : {uart, watchdog}) {
        ready(source);
        domain.set_line(source, true);
    }
    set_priority(watchdog, 2);
    EXPECT_EQ(claim(0), watchdog);
    EXPECT_EQ(claim(0), uart);
    complete(0, uart);
    complete(0, watchdog);
    set_priority(watchdog, 1);
    EXPECT_EQ(claim(0), uart);
    EXPECT_EQ(claim(0), watchdog);
}

// --- Interrupt Pending Bits ------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, PendingBitsAreForReadingOnly) {
    for (std::uint32_t word = 0; word < plic::source_words; ++word) {
        domain.write(plic::pending + 4 * word, ones);
        EXPECT_EQ(domain.read(plic::pending + 4 * word).value(), 0U);
    }
    domain.set_line(uart, true);
    domain.write(plic::pending, 0);
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualPlicTest, ARequestIsNotRetracted) {
    ready(uart);
    domain.set_line(uart, true);
    domain.set_line(uart, false);
    EXPECT_TRUE(interrupted(0));
    EXPECT_EQ(claim(0), uart);
    EXPECT_FALSE(pending(uart));
    complete(0, uart);
    EXPECT_FALSE(interrupted(0));
}

// --- Interrupt Enables -----------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, EnableBitsAreThoseOfSourcesThatExist) {
    for (std::uint32_t hart = 0; hart < harts.size(); ++hart) {
        for (std::uint32_t word = 0; word < plic::source_words; ++word) {
            domain.write(enable_word(hart, word), ones);
        }
        EXPECT_EQ(enables(hart, 0), bit_of(uart) | bit_of(rtc));
        EXPECT_EQ(enables(hart, 1), bit_of(far) | bit_of(watchdog));
        EXPECT_EQ(enables(hart, 2), 0U);
    }
}

TEST_F(VirtualPlicTest, EachContextHasItsOwnBits) {
    enable(1, uart);
    EXPECT_EQ(enables(0, 0), 0U);
    EXPECT_EQ(enables(1, 0), bit_of(uart));
    EXPECT_EQ(enables(2, 0), 0U);
}

TEST_F(VirtualPlicTest, AllContextsThatEnableASourceAreNotifiedAndOneClaimsIt) {
    ready(uart, 0);
    ready(uart, 2);
    domain.set_line(uart, true);
    EXPECT_TRUE(interrupted(0));
    EXPECT_FALSE(interrupted(1));
    EXPECT_TRUE(interrupted(2));
    EXPECT_EQ(claim(0), uart);
    EXPECT_FALSE(interrupted(0));
    EXPECT_FALSE(interrupted(2));
    EXPECT_EQ(claim(2), 0U);
}

TEST_F(VirtualPlicTest, DisablingEndsTheNotificationAndKeepsTheRequest) {
    ready(uart);
    domain.set_line(uart, true);
    enable(0, uart, false);
    EXPECT_FALSE(interrupted(0));
    EXPECT_EQ(claim(0), 0U);
    enable(0, uart);
    EXPECT_TRUE(interrupted(0));
}

// --- Priority Thresholds ---------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, ThresholdsHaveThreeBits) {
    for (std::uint32_t hart = 0; hart < harts.size(); ++hart) {
        EXPECT_EQ(domain.read(threshold_of(hart)).value(), 0U);
        set_threshold(hart, ones - hart);
        EXPECT_EQ(domain.read(threshold_of(hart)).value(), 7U - hart);
    }
}

TEST_F(VirtualPlicTest, AThresholdMasksItsOwnPriorityAndAllBelow) {
    ready(uart);
    set_priority(uart, 3);
    domain.set_line(uart, true);
    for (std::uint32_t threshold = 0; threshold <= 7; ++threshold) {
        set_threshold(0, threshold);
        EXPECT_EQ(interrupted(0), threshold < 3) << threshold;
    }
}

TEST_F(VirtualPlicTest, AThresholdDoesNotKeepClaimsOff) {
    ready(uart);
    set_threshold(0, 7);
    domain.set_line(uart, true);
    EXPECT_FALSE(interrupted(0));
    EXPECT_EQ(claim(0), uart);
}

// --- Interrupt Claim Process, Interrupt Completion -------------------------------------------------------------------

TEST_F(VirtualPlicTest, AClaimOfNothingIsZero) {
    EXPECT_EQ(claim(0), 0U);
    ready(uart);
    EXPECT_EQ(claim(0), 0U);
}

TEST_F(VirtualPlicTest, ALevelThatStaysUpComesAgainAfterCompletionAndNotBefore) {
    ready(uart);
    domain.set_line(uart, true);
    EXPECT_EQ(claim(0), uart);
    EXPECT_FALSE(interrupted(0));
    EXPECT_EQ(claim(0), 0U);
    domain.set_line(uart, false);
    domain.set_line(uart, true);
    EXPECT_FALSE(pending(uart)) << "the gateway waits for the completion";
    complete(0, uart);
    EXPECT_TRUE(interrupted(0));
    EXPECT_EQ(claim(0), uart);
    domain.set_line(uart, false);
    complete(0, uart);
    EXPECT_FALSE(interrupted(0));
}

TEST_F(VirtualPlicTest, ACompletionOfASourceThatIsNotEnabledIsIgnored) {
    ready(uart);
    domain.set_line(uart, true);
    EXPECT_EQ(claim(0), uart);
    complete(1, uart);
    EXPECT_FALSE(pending(uart));
    enable(0, uart, false);
    complete(0, uart);
    EXPECT_FALSE(pending(uart));
    enable(0, uart);
    complete(0, uart);
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualPlicTest, AnotherContextMayCompleteASourceThatItHasEnabled) {
    ready(uart, 0);
    enable(1, uart);
    domain.set_line(uart, true);
    EXPECT_EQ(claim(0), uart);
    complete(1, uart);
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualPlicTest, CompletionsOfNumbersThatMeanNothingAreIgnored) {
    ready(uart);
    for (const std::uint32_t source : {0U, absent, uart, 1023U, 1024U, ones}) {
        complete(0, source);
    }
    EXPECT_FALSE(interrupted(0));
    EXPECT_THAT(port.take_history(), IsEmpty());
}

// --- Memory Map ------------------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, WhereNoRegisterIsReadsZeroAndIgnoresWrites) {
    const auto behind = static_cast<std::uint32_t>(guest.controller().size);
    for (const auto offset :
         {plic::pending + plic::enable_bytes, plic::enables - 4, plic::enable_word(7, 0), plic::contexts - 4,
          threshold_of(0) + 8, threshold_of(1) - 4, behind, behind + plic::context_bytes,
          behind + plic::context_bytes + plic::claim, plic::threshold_of(plic::max_contexts - 1)}) {
        domain.write(offset, ones);
        EXPECT_EQ(domain.read(offset).value(), 0U) << std::hex << offset;
    }
    EXPECT_FALSE(interrupted(0));
}

TEST_F(VirtualPlicTest, MModesHaveNoRegisters) {
    for (const auto source : implemented) {
        ready(source, 0);
        ready(source, 2);
    }
    domain.set_line(uart, true);
    for (std::uint32_t context = 0; context <= 2 * harts.size(); context += 2) {
        for (std::uint32_t word = 0; word < plic::source_words; ++word) {
            domain.write(plic::enable_word(context, word), ones);
            EXPECT_EQ(domain.read(plic::enable_word(context, word)).value(), 0U) << context;
        }
        for (const std::uint32_t reg : {0U, 4U, 8U, 0xffcU}) {
            domain.write(plic::contexts + context * plic::context_bytes + reg, uart);
            EXPECT_EQ(domain.read(plic::contexts + context * plic::context_bytes + reg).value(), 0U) << context;
        }
    }
    EXPECT_EQ(enables(1, 0), 0U);
    EXPECT_EQ(enables(2, 0), bit_of(uart) | bit_of(rtc));
    EXPECT_TRUE(pending(uart));
    EXPECT_TRUE(interrupted(0));
    EXPECT_FALSE(interrupted(1));
    EXPECT_EQ(claim(0), uart);
}

// --- the calling hart, and others ------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, AHartThatAlreadyKnowsIsNotCalledAgain) {
    ready(uart, 1);
    set_priority(watchdog, 1);
    enable(1, watchdog);
    domain.set_line(uart, true);
    domain.set_line(watchdog, true);
    EXPECT_EQ(port.take_history(), std::vector<std::string>{"send 1"});
    EXPECT_TRUE(interrupted(1));
    port.caller = 1;
    EXPECT_EQ(claim(1), uart);
    EXPECT_TRUE(interrupted(1));
    EXPECT_EQ(claim(1), watchdog);
    EXPECT_FALSE(interrupted(1));
    EXPECT_THAT(port.take_history(), IsEmpty()) << "it sets its own interrupt itself";
}

TEST_F(VirtualPlicTest, ACallThatComesLateFindsWhatIsTrueThen) {
    ready(uart, 1);
    domain.set_line(uart, true);
    EXPECT_EQ(claim(1), uart) << "by hart 0, for the other";
    EXPECT_FALSE(interrupted(1));
}

TEST_F(VirtualPlicTest, AStartedHartFindsWhatIsPendingForIt) {
    ready(uart, 1);
    domain.set_line(uart, true);
    port.settle(domain);
    port.external[1] = false;  // as a hart that stops and starts drops it
    port.caller = 1;
    domain.refresh();
    EXPECT_TRUE(port.external[1]);
}

// --- reset -----------------------------------------------------------------------------------------------------------

TEST_F(VirtualPlicTest, AResetLeavesNothingButTheWires) {
    for (const auto source : implemented) {
        set_priority(source, 7);
        enable(2, source);
    }
    set_threshold(2, 3);
    domain.set_line(uart, true);
    domain.set_line(watchdog, true);
    EXPECT_EQ(claim(2), uart);
    domain.set_line(watchdog, false);
    domain.reset();
    for (const auto source : implemented) {
        EXPECT_EQ(priority(source), 0U);
    }
    EXPECT_EQ(enables(2, 0), 0U);
    EXPECT_EQ(domain.read(threshold_of(2)).value(), 0U);
    EXPECT_TRUE(pending(uart)) << "its wire is up";
    EXPECT_FALSE(pending(watchdog));
    ready(uart, 0);
    EXPECT_EQ(claim(0), uart);
    complete(0, uart);
    EXPECT_TRUE(pending(uart));
}

}  // namespace
}  // namespace mullion::test
