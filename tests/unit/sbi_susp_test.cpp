// SPDX-License-Identifier: Apache-2.0
#include "rooms/susp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"
#include "vm/life/lifecycle.hpp"

namespace mullion {
namespace {

constexpr std::uint64_t entry = 0x8000'0100;
constexpr std::uint64_t to_ram = 0;

/// Hart 0 runs, the others are stopped.
struct SbiSusp : testing::Test, FakeGuest {
    SbiSusp() {
        set(0, HsmState::started);
        port.on_suspend = [&] { ++suspended; };
    }
    SbiResult suspend(std::uint64_t type, std::uint64_t address = entry, std::uint64_t opaque = 0) {
        return call(SbiExtension::susp, SuspFunction::system_suspend, type, address, opaque);
    }
    int suspended = 0;
};

TEST_F(SbiSusp, ResumesAtTheAddressWithTheHartIdAndTheOpaqueValue) {
    try {
        suspend(to_ram, entry, 0x99);
        FAIL() << "returned";
    } catch (const Resumed& resumed) {
        EXPECT_EQ(resumed.address, Gpa{entry});
        EXPECT_EQ(resumed.hart_id, 0U);
        EXPECT_EQ(resumed.opaque, 0x99U);
    }
    EXPECT_EQ(suspended, 1);
}

TEST_F(SbiSusp, LooksAtTheLower32BitsOfTheType) {
    EXPECT_THROW(suspend(0x1'0000'0000), Resumed);
}

TEST_F(SbiSusp, RefusesReservedAndPlatformTypes) {
    for (const std::uint64_t type : {1U, 2U, 0x7fff'ffffU, 0x8000'0000U, 0xffff'ffffU}) {
        EXPECT_EQ(suspend(type), sbi_failure(SbiError::invalid_param)) << std::hex << type;
    }
    EXPECT_EQ(suspended, 0);
}

TEST_F(SbiSusp, ResumesAtExecutableMemoryOfTheGuestOnly) {
    for (const std::uint64_t address : {0x7fff'fffeUL, 0x8000'2000UL, 0x8000'4000UL, 0x9000'0000UL, 0x1000'0000UL,
                                        0xa000'0000UL, 0x8000'0001UL, ~1UL}) {
        EXPECT_EQ(suspend(to_ram, address), sbi_failure(SbiError::invalid_address)) << std::hex << address;
    }
    EXPECT_EQ(suspended, 0);
}

TEST_F(SbiSusp, IsDeniedUnlessEveryOtherHartIsStopped) {
    for (const auto state : {HsmState::started, HsmState::start_pending, HsmState::stop_pending, HsmState::suspended,
                             HsmState::suspend_pending, HsmState::resume_pending}) {
        set(2, state);
        EXPECT_EQ(suspend(to_ram), sbi_failure(SbiError::denied));
    }
    EXPECT_EQ(suspended, 0);
    set(2, HsmState::stopped);
    EXPECT_THROW(suspend(to_ram), Resumed);
}

TEST_F(SbiSusp, LooksAtTypeAndAddressFirst) {
    set(2, HsmState::started);
    EXPECT_EQ(suspend(1, 1), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(suspend(to_ram, 1), sbi_failure(SbiError::invalid_address));
}

TEST_F(SbiSusp, LetsNoHartStartMeanwhileAndEveryHartAfterwards) {
    port.on_suspend = [&] {
        EXPECT_EQ(hart_start(harts[0], port, 1, {{entry}, 0}), sbi_failure(SbiError::failed));
        EXPECT_EQ(state(1), HsmState::stopped);
    };
    EXPECT_THROW(suspend(to_ram), Resumed);
    EXPECT_EQ(hart_start(harts[0], port, 1, {{entry}, 0}), sbi_success);
}

TEST_F(SbiSusp, LetsHartsStartAfterItWasDenied) {
    set(2, HsmState::started);
    EXPECT_EQ(suspend(to_ram), sbi_failure(SbiError::denied));
    EXPECT_EQ(hart_start(harts[0], port, 1, {{entry}, 0}), sbi_success);
}

TEST_F(SbiSusp, LetsHartsStartInTheNextLifeOfAGuestThatEndedWhileSuspended) {
    struct GuestEnds {};
    port.on_suspend = [] { throw GuestEnds{}; };
    EXPECT_THROW(suspend(to_ram), GuestEnds);
    stop_siblings(harts[0], port);
    start_guest(harts, port, [] {});
    EXPECT_TRUE(poll_start(harts[0], port).has_value());
    EXPECT_EQ(hart_start(harts[0], port, 1, {{entry}, 0}), sbi_success);
}

TEST_F(SbiSusp, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::susp, 1, to_ram, entry), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
