// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/hsm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum HsmFunction;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t entry = 0x8000'0100;

struct SbiHsm : testing::Test, FakeGuest {
    SbiHsm() { set(0, HsmState::started); }

    SbiResult hsm(HsmFunction function, std::uint64_t a0 = 0, std::uint64_t a1 = 0, std::uint64_t a2 = 0) {
        return call(SbiExtension::hsm, function, a0, a1, a2);
    }
};

// --- start ---

TEST_F(SbiHsm, StartsAHartWhereThereAreNoSoftwareEvents) {
    port.software_events = nullptr;
    EXPECT_EQ(call(SbiExtension::hsm, HsmFunction::hart_start, 1, 0x8000'0000), sbi_success);
    EXPECT_THAT(port.requested, testing::ElementsAre(1U));
}

TEST_F(SbiHsm, StartsAStoppedHartAtTheAddressWithTheOpaqueValue) {
    EXPECT_EQ(hsm(hart_start, 2, entry, 0x77), sbi_success);
    EXPECT_EQ(state(2), HsmState::start_pending);
    EXPECT_THAT(port.requested, ElementsAre(2));
    EXPECT_EQ(poll_start(harts[2], port), (HartEntry{{entry}, 0x77}));
    EXPECT_EQ(state(2), HsmState::started);
}

TEST_F(SbiHsm, StartsNoHartThatTheGuestLacks) {
    EXPECT_EQ(hsm(hart_start, 3, entry), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(hsm(hart_start, 17, entry), sbi_failure(SbiError::invalid_param));  // the machine's number for hart 1
    EXPECT_EQ(hsm(hart_start, ~std::uint64_t{0}, entry), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiHsm, StartsAtExecutableMemoryOfTheGuestOnly) {
    for (const std::uint64_t address : {0x7fff'fffeUL, 0x8000'2000UL, 0x8000'4000UL, 0x9000'0000UL, 0x1000'0000UL,
                                        0xa000'0000UL, 0x8000'0001UL, ~1UL}) {
        EXPECT_EQ(hsm(hart_start, 1, address), sbi_failure(SbiError::invalid_address)) << std::hex << address;
    }
    EXPECT_EQ(state(1), HsmState::stopped);
    EXPECT_THAT(port.requested, IsEmpty());
    EXPECT_EQ(hsm(hart_start, 1, 0x8000'3000), sbi_success);
}

TEST_F(SbiHsm, StartsNoHartThatIsStartedOrAboutToBe) {
    EXPECT_EQ(hsm(hart_start, 0, entry), sbi_failure(SbiError::already_available));
    for (const auto state : {HsmState::started, HsmState::start_pending, HsmState::suspended, HsmState::suspend_pending,
                             HsmState::resume_pending}) {
        set(1, state);
        EXPECT_EQ(hsm(hart_start, 1, entry), sbi_failure(SbiError::already_available));
        EXPECT_EQ(this->state(1), state);
    }
    EXPECT_THAT(port.requested, IsEmpty());
}

TEST_F(SbiHsm, FailsToStartAHartThatIsStillStopping) {
    set(1, HsmState::stop_pending);
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_failure(SbiError::failed));
    EXPECT_EQ(state(1), HsmState::stop_pending);
}

TEST_F(SbiHsm, FailsToStartAHartWhileTheGuestEnds) {
    harts[1].stop_ordered = 1;
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_failure(SbiError::failed));
    EXPECT_EQ(state(1), HsmState::stopped);
    EXPECT_THAT(port.requested, IsEmpty());
}

TEST_F(SbiHsm, LooksAtTheHartIdBeforeTheAddress) {
    EXPECT_EQ(hsm(hart_start, 3, 1), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiHsm, DoesNotTakeAnEntryThatIsStillBeingWritten) {
    EXPECT_EQ(hsm::claim_start(harts[1]), HsmState::stopped);
    EXPECT_EQ(state(1), HsmState::start_pending);
    EXPECT_EQ(poll_start(harts[1], port), std::nullopt);
    hsm::publish_start(harts[1], {{entry}, 5});
    EXPECT_EQ(poll_start(harts[1], port), (HartEntry{{entry}, 5}));
}

TEST_F(SbiHsm, TakesAStartOnce) {
    EXPECT_EQ(poll_start(harts[1], port), std::nullopt);
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_success);
    EXPECT_TRUE(poll_start(harts[1], port));
    EXPECT_EQ(poll_start(harts[1], port), std::nullopt);
}

TEST_F(SbiHsm, FencesEverythingWhenAHartStarts) {
    harts[1].sfence.requested = 4;  // nobody waited for them
    harts[1].fence_i.requested = 9;
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_success);
    EXPECT_EQ(poll_start(harts[1], port).has_value(), true);
    EXPECT_THAT(port.fences, ElementsAre(Fence{}));
    EXPECT_EQ(port.fence_is, 1);
    EXPECT_EQ(harts[1].sfence.done, harts[1].sfence.requested);
    EXPECT_EQ(harts[1].fence_i.done, harts[1].fence_i.requested);
}

TEST_F(SbiHsm, FencesEverythingWhenAHartStartsEvenIfNobodyAsked) {
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_success);
    EXPECT_EQ(poll_start(harts[1], port).has_value(), true);
    EXPECT_EQ(port.fences.size(), 1U);
    EXPECT_EQ(port.fence_is, 1);
}

TEST_F(SbiHsm, StopsAHartThatWasAboutToStartWhenItsGuestEnds) {
    EXPECT_EQ(hsm(hart_start, 1, entry), sbi_success);
    harts[1].stop_ordered = 1;
    EXPECT_EQ(poll_start(harts[1], port), std::nullopt);
    EXPECT_EQ(state(1), HsmState::stopped);
}

// --- stop ---

TEST_F(SbiHsm, StopsTheCallingHartAndParksIt) {
    EXPECT_THROW(hsm(hart_stop), Parked);
    EXPECT_EQ(state(0), HsmState::stopped);
}

TEST_F(SbiHsm, StartsAgainAHartThatStopped) {
    EXPECT_THROW(hsm(hart_stop), Parked);
    EXPECT_EQ(mullion::hart_start(harts[1], port, 0, {{entry}, 0}), sbi_success);
    EXPECT_TRUE(poll_start(harts[0], port));
}

// --- status ---

TEST_F(SbiHsm, TellsTheStateByTheSpecificationsNumbers) {
    EXPECT_EQ(hsm(hart_get_status, 0), (SbiResult{SbiError::success, 0}));
    EXPECT_EQ(hsm(hart_get_status, 1), (SbiResult{SbiError::success, 1}));
    hsm::claim_start(harts[1]);
    EXPECT_EQ(hsm(hart_get_status, 1), (SbiResult{SbiError::success, 2}));
    const std::array states{HsmState::started,       HsmState::stopped,   HsmState::start_pending,
                            HsmState::stop_pending,  HsmState::suspended, HsmState::suspend_pending,
                            HsmState::resume_pending};
    for (std::uint64_t id = 0; id < states.size(); ++id) {
        set(1, states[id]);
        EXPECT_EQ(hsm(hart_get_status, 1), (SbiResult{SbiError::success, id}));
    }
}

TEST_F(SbiHsm, TellsNoStateOfAHartThatTheGuestLacks) {
    EXPECT_EQ(hsm(hart_get_status, 3), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(hsm(hart_get_status, ~std::uint64_t{0}), sbi_failure(SbiError::invalid_param));
}

// --- suspend ---

TEST_F(SbiHsm, ReturnsFromARetentiveSuspendAndIgnoresTheAddress) {
    auto seen = HsmState::started;
    port.on_suspend = [&] { seen = state(0); };
    EXPECT_EQ(hsm(hart_suspend, 0, 1, 2), sbi_success);
    EXPECT_EQ(seen, HsmState::suspended);
    EXPECT_EQ(state(0), HsmState::started);
}

TEST_F(SbiHsm, ResumesANonRetentiveSuspendAtTheAddressWithTheOpaqueValue) {
    int suspended = 0;
    port.on_suspend = [&] { ++suspended; };
    try {
        hsm(hart_suspend, 0x8000'0000, entry, 0x99);
        FAIL() << "returned";
    } catch (const Resumed& resumed) {
        EXPECT_EQ(resumed.address, Gpa{entry});
        EXPECT_EQ(resumed.hart_id, 0U);
        EXPECT_EQ(resumed.opaque, 0x99U);
    }
    EXPECT_EQ(suspended, 1);
    EXPECT_EQ(state(0), HsmState::started);
}

TEST_F(SbiHsm, DoesNotSuspendIfItCouldNotResumeAtTheAddress) {
    port.on_suspend = [] { FAIL() << "suspended"; };
    EXPECT_EQ(hsm(hart_suspend, 0x8000'0000, 0x8000'2000), sbi_failure(SbiError::invalid_address));
    EXPECT_EQ(hsm(hart_suspend, 0x8000'0000, entry + 1), sbi_failure(SbiError::invalid_address));
    EXPECT_EQ(state(0), HsmState::started);
}

TEST_F(SbiHsm, RefusesReservedAndPlatformSpecificSuspendTypes) {
    port.on_suspend = [] { FAIL() << "suspended"; };
    for (const std::uint64_t type :
         {0x1U, 0x0fff'ffffU, 0x1000'0000U, 0x7fff'ffffU, 0x8000'0001U, 0x8fff'ffffU, 0x9000'0000U, 0xffff'ffffU}) {
        EXPECT_EQ(hsm(hart_suspend, type, entry), sbi_failure(SbiError::invalid_param)) << std::hex << type;
    }
}

TEST_F(SbiHsm, LooksAt32BitsOfTheSuspendType) {
    EXPECT_EQ(hsm(hart_suspend, 0x1'0000'0000), sbi_success);
    EXPECT_THROW(hsm(hart_suspend, 0xffff'ffff'8000'0000, entry), Resumed);
}

TEST_F(SbiHsm, FencesAfterASuspendWhatWasAskedMeanwhile) {
    port.on_suspend = [&] { harts[0].sfence.requested = 1; };
    EXPECT_EQ(hsm(hart_suspend, 0), sbi_success);
    EXPECT_THAT(port.fences, ElementsAre(Fence{}));
    EXPECT_EQ(harts[0].sfence.done, 1U);
}

TEST_F(SbiHsm, StopsASuspendedHartWhenItsGuestEnds) {
    port.on_suspend = [&] { harts[0].stop_ordered = 1; };
    EXPECT_THROW(hsm(hart_suspend, 0), Parked);
    EXPECT_EQ(state(0), HsmState::stopped);
}

TEST_F(SbiHsm, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::hsm, 4), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
