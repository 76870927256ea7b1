// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SbiTime : testing::Test, FakeGuest {};

TEST_F(SbiTime, SetsTheTimerToTheWholeAbsoluteTime) {
    EXPECT_EQ(call(SbiExtension::time, TimeFunction::set_timer, 0x1234'5678'9abc'def0), sbi_success);
    EXPECT_THAT(port.timers, ElementsAre(0x1234'5678'9abc'def0));
}

TEST_F(SbiTime, SetsATimerInfinitelyFarAway) {
    EXPECT_EQ(call(SbiExtension::time, TimeFunction::set_timer, ~std::uint64_t{0}), sbi_success);
    EXPECT_THAT(port.timers, ElementsAre(~std::uint64_t{0}));
}

TEST_F(SbiTime, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::time, 1), sbi_failure(SbiError::not_supported));
    EXPECT_THAT(port.timers, IsEmpty());
}

}  // namespace
}  // namespace mullion
