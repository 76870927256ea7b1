// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rooms/sse.hpp"
#include "sse_fixture.hpp"

namespace mullion {
namespace {

using enum SbiError;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct SbiSseOverflow : SbiSse {
    SbiSseOverflow() {
        harts[0].pmu.overflows = true;
        harts[1].pmu.overflows = true;
    }
};

TEST_F(SbiSseOverflow, IsAnEventOfHartsWhoseCountersOverflow) {
    EXPECT_EQ(attribute(overflow, Attribute::status), 8U);
    EXPECT_EQ(attribute(overflow, Attribute::preferred_hart, 1), 1U);
    EXPECT_EQ(write(overflow, Attribute::preferred_hart, 0), denied);
    EXPECT_EQ(call_on(2, register_event, overflow, handler).error, not_supported);
    EXPECT_EQ(sse(inject, overflow, 2), not_supported);
    EXPECT_EQ(sse(inject, overflow, 1), success);
    EXPECT_TRUE(is_pending(overflow, 1));
    EXPECT_FALSE(is_pending(local, 1));
}

TEST_F(SbiSseOverflow, KeepsTheInterruptWhileItIsEnabled) {
    EXPECT_EQ(sse(register_event, overflow, handler), success);
    EXPECT_THAT(port.overflow_kept, IsEmpty());
    EXPECT_EQ(sse(enable, overflow), success);
    EXPECT_THAT(port.overflow_kept, ElementsAre(true));
    EXPECT_EQ(sse(hart_unmask), success);
    EXPECT_THAT(port.overflow_kept, SizeIs(1));
    EXPECT_EQ(sse(disable, overflow), success);
    EXPECT_THAT(port.overflow_kept, ElementsAre(true, false));
}

TEST_F(SbiSseOverflow, RunsTheHandlerAndGivesTheInterruptBackAfterOneShot) {
    EXPECT_EQ(write(overflow, Attribute::config, 1), success);
    unmask(0);
    enable_event(overflow);
    sse::raise_overflow(harts[0], port);
    sse::attend(harts[0], port);
    EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 0, overflow}));
    EXPECT_THAT(port.overflow_kept, ElementsAre(true));
    EXPECT_EQ(sse(complete), success);
    EXPECT_THAT(port.overflow_kept, ElementsAre(true, false));
}

TEST_F(SbiSseOverflow, ComesBeforeSoftwaresEventsOfEqualPriority) {
    for (const auto event : {overflow, local, global}) {
        enable_event(event);
        EXPECT_EQ(sse(inject, event, 0), success);
    }
    unmask(0);
    EXPECT_EQ(sse(complete), success);
    EXPECT_EQ(sse(complete), success);
    ASSERT_THAT(port.entered, SizeIs(3));
    EXPECT_EQ(port.entered[0][2], overflow);
    EXPECT_EQ(port.entered[1][2], local);
    EXPECT_EQ(port.entered[2][2], global);
}

TEST_F(SbiSseOverflow, EndsWithItsHart) {
    enable_event(overflow);
    sse::raise_overflow(harts[0], port);
    set(0, HsmState::stopped);
    sse::reset(harts[0], port);
    EXPECT_THAT(port.overflow_kept, ElementsAre(true, false));
    EXPECT_EQ(attribute(overflow, Attribute::status), 8U);
}

}  // namespace
}  // namespace mullion
