// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/ipi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SbiIpi : testing::Test, FakeGuest {
    SbiIpi() {
        for (std::uint32_t hart = 0; hart < 3; ++hart) {
            set(hart, HsmState::started);
        }
    }
    SbiResult send(std::uint64_t mask, std::uint64_t base) {
        return call(SbiExtension::ipi, IpiFunction::send_ipi, mask, base);
    }
};

TEST_F(SbiIpi, InterruptsTheHartsOfTheMaskTheCallerIncluded) {
    EXPECT_EQ(send(0b101, 0), sbi_success);
    EXPECT_THAT(port.interrupted, ElementsAre(0, 2));
}

TEST_F(SbiIpi, InterruptsAllHartsForBaseMinusOne) {
    EXPECT_EQ(send(0, sbi_all_harts), sbi_success);
    EXPECT_THAT(port.interrupted, ElementsAre(0, 1, 2));
}

TEST_F(SbiIpi, InterruptsNobodyIfOneHartIsInvalid) {
    EXPECT_EQ(send(0b1001, 0), sbi_failure(SbiError::invalid_param));
    EXPECT_THAT(port.interrupted, IsEmpty());
}

TEST_F(SbiIpi, SucceedsForAnEmptyMask) {
    EXPECT_EQ(send(0, 0), sbi_success);
    EXPECT_THAT(port.interrupted, IsEmpty());
}

TEST_F(SbiIpi, PassesOverHartsThatAreStopped) {
    set(1, HsmState::stopped);
    set(2, HsmState::stop_pending);
    EXPECT_EQ(send(0, sbi_all_harts), sbi_success);
    EXPECT_THAT(port.interrupted, ElementsAre(0));
}

TEST_F(SbiIpi, ReachesHartsThatAreSuspendedOrAboutToStart) {
    for (const auto state :
         {HsmState::start_pending, HsmState::suspend_pending, HsmState::suspended, HsmState::resume_pending}) {
        port.interrupted.clear();
        set(1, state);
        EXPECT_EQ(send(0b10, 0), sbi_success);
        EXPECT_THAT(port.interrupted, ElementsAre(1));
    }
}

TEST_F(SbiIpi, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::ipi, 1, 1, 0), sbi_failure(SbiError::not_supported));
    EXPECT_THAT(port.interrupted, IsEmpty());
}

}  // namespace
}  // namespace mullion
