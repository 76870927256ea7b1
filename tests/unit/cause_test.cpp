// SPDX-License-Identifier: Apache-2.0
#include "core/cause.hpp"

#include <gtest/gtest.h>

namespace mullion::csr {
namespace {

constexpr std::uint64_t interrupt = std::uint64_t{1} << 63;

TEST(CauseName, TellsExceptionsByTheManualsCodes) {
    EXPECT_EQ(cause_name(0), "instruction address misaligned");
    EXPECT_EQ(cause_name(2), "illegal instruction");
    EXPECT_EQ(cause_name(7), "store access fault");
    EXPECT_EQ(cause_name(10), "environment call from VS-mode");
    EXPECT_EQ(cause_name(15), "store page fault");
    EXPECT_EQ(cause_name(16), "double trap");
    EXPECT_EQ(cause_name(18), "software check");
    EXPECT_EQ(cause_name(19), "hardware error");
    EXPECT_EQ(cause_name(20), "instruction guest-page fault");
    EXPECT_EQ(cause_name(21), "load guest-page fault");
    EXPECT_EQ(cause_name(22), "virtual instruction");
    EXPECT_EQ(cause_name(23), "store guest-page fault");
}

TEST(CauseName, TellsInterruptsByTheManualsCodes) {
    EXPECT_EQ(cause_name(interrupt | 1), "supervisor software interrupt");
    EXPECT_EQ(cause_name(interrupt | 5), "supervisor timer interrupt");
    EXPECT_EQ(cause_name(interrupt | 9), "supervisor external interrupt");
    EXPECT_EQ(cause_name(interrupt | 12), "supervisor guest external interrupt");
    EXPECT_EQ(cause_name(interrupt | 13), "counter overflow interrupt");
}

TEST(CauseName, HasWordsForWhatTheManualReserves) {
    for (const std::uint64_t code : {11U, 14U, 17U, 24U, 48U, 1000U}) {
        EXPECT_EQ(cause_name(code), "unknown exception") << code;
    }
    EXPECT_EQ(cause_name(~interrupt), "unknown exception");
    for (const std::uint64_t code : {0U, 3U, 14U, 64U}) {
        EXPECT_EQ(cause_name(interrupt | code), "unknown interrupt") << code;
    }
    EXPECT_EQ(cause_name(~std::uint64_t{0}), "unknown interrupt");
}

TEST(IsGuestPageFault, KnowsTheThree) {
    for (std::uint64_t code = 0; code < 64; ++code) {
        EXPECT_EQ(is_guest_page_fault(code), code == 20 || code == 21 || code == 23) << code;
        EXPECT_FALSE(is_guest_page_fault(interrupt | code)) << code;
    }
}

}  // namespace
}  // namespace mullion::csr
