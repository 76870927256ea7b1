// SPDX-License-Identifier: Apache-2.0
#include "rooms/sse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "sse_fixture.hpp"
#include "vm/life/lifecycle.hpp"

namespace mullion {
namespace {

using enum SbiError;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(SbiSse, KnowsTheEventsOfSoftwareAndNamesTheOthersThatAreStandard) {
    for (const auto function : {read_attrs, write_attrs, register_event, unregister, enable, disable, inject}) {
        for (const std::uint64_t id : {0, 1, 0x8000, 0x10000, 0x100000, 0x108000}) {
            EXPECT_EQ(sse(function, id), not_supported) << std::hex << id;
        }
        for (const std::uint64_t id : {0x2UL, 0x4000UL, 0x8001UL, 0xc000UL, 0x18000UL, 0x10001UL, 0xffff0001UL,
                                       0xffff4000UL, 0xffff8001UL, 0xffffffffUL}) {
            EXPECT_EQ(sse(function, id), invalid_param) << std::hex << id;
        }
    }
    EXPECT_EQ(state_of(1UL << 32 | local), 0U);
}

TEST_F(SbiSse, HasTheChaptersResetValues) {
    for (const auto event : both) {
        EXPECT_EQ(attribute(event, Attribute::status, 1), 8U);
        for (std::uint64_t i = 1; i < sse::attribute_count; ++i) {
            const bool own = event == local && i == 3;
            EXPECT_EQ(attribute(event, static_cast<Attribute>(i), 1), own ? 1U : 0U);
        }
    }
}

TEST_F(SbiSse, GoesThroughItsStatesInOrder) {
    for (const auto event : both) {
        EXPECT_EQ(sse(unregister, event), invalid_state);
        EXPECT_EQ(sse(enable, event), invalid_state);
        EXPECT_EQ(sse(disable, event), invalid_state);
        EXPECT_EQ(sse(register_event, event, handler + 1), invalid_param);
        EXPECT_EQ(sse(register_event, event, handler, 0x55), success);
        EXPECT_EQ(state_of(event), 1U);
        EXPECT_EQ(attribute(event, Attribute::entry_pc), handler);
        EXPECT_EQ(attribute(event, Attribute::entry_arg), 0x55U);
        EXPECT_EQ(sse(register_event, event, handler), invalid_state);
        EXPECT_EQ(sse(disable, event), invalid_state);
        EXPECT_EQ(sse(enable, event), success);
        EXPECT_EQ(state_of(event), 2U);
        EXPECT_EQ(sse(enable, event), invalid_state);
        EXPECT_EQ(sse(unregister, event), invalid_state);
        EXPECT_EQ(sse(disable, event), success);
        EXPECT_EQ(sse(unregister, event), success);
        EXPECT_EQ(state_of(event), 0U);
    }
}

TEST_F(SbiSse, KeepsLocalEventsApartAndAGlobalOneTogether) {
    enable_event(local);
    enable_event(global);
    EXPECT_EQ(state_of(local, 1), 0U);
    EXPECT_EQ(state_of(global, 1), 2U);
    EXPECT_EQ(call_on(1, disable, global), sbi_success);
    EXPECT_EQ(state_of(global), 1U);
}

TEST_F(SbiSse, DeliversWhatIsEnabledAndUnmasked) {
    for (const auto event : both) {
        EXPECT_EQ(sse(inject, event), success);
        EXPECT_TRUE(is_pending(event));
        enable_event(event);
        EXPECT_THAT(port.entered, IsEmpty());
        unmask(0);
        EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 0, event}));
        EXPECT_EQ(state_of(event), 3U);
        EXPECT_FALSE(is_pending(event));
        EXPECT_EQ(attribute(event, Attribute::interrupted_sepc), 0x100U);
        EXPECT_EQ(attribute(event, Attribute::interrupted_flags), 2U);
        EXPECT_EQ(attribute(event, Attribute::interrupted_a6), 0x66U);
        EXPECT_EQ(attribute(event, Attribute::interrupted_a7), 0x77U);
        EXPECT_EQ(sse(disable, event), invalid_state);
        EXPECT_EQ(sse(complete), success);
        EXPECT_EQ(state_of(event), 2U);
        EXPECT_EQ(sse(hart_mask), success);
        port.entered.clear();
    }
}

TEST_F(SbiSse, MasksAndUnmasksOnce) {
    EXPECT_EQ(sse(hart_mask), already_stopped);
    EXPECT_EQ(sse(hart_unmask), success);
    EXPECT_EQ(sse(hart_unmask), already_started);
    EXPECT_EQ(sse(hart_mask), success);
    EXPECT_EQ(call_on(1, hart_mask).error, already_stopped);
}

TEST_F(SbiSse, CompletesWithTheRegistersThatTheHandlerGave) {
    EXPECT_EQ(call_on(0, complete, 0x11, 0x22), sbi_success);
    EXPECT_THAT(port.left, IsEmpty());
    unmask(0);
    enable_event(local);
    EXPECT_EQ(sse(inject, local, 0), success);
    EXPECT_EQ(write(local, Attribute::interrupted_a7, 0x99), success);
    EXPECT_EQ(call_on(0, complete, 0x11, 0x22), (SbiResult{SbiError{0x11}, 0x22}));
    EXPECT_THAT(port.left, ElementsAre(SseFrame{0x100, 2, 0x66, 0x99}));
}

TEST_F(SbiSse, NestsByPriorityThenById) {
    unmask(0);
    enable_event(local);
    enable_event(global);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(sse(inject, local, 0), success);  // the lower id of equal priority
    ASSERT_THAT(port.entered, SizeIs(2));
    EXPECT_EQ(port.entered[1][2], local);
    EXPECT_EQ(sse(complete), success);
    EXPECT_EQ(state_of(local), 2U);
    EXPECT_EQ(state_of(global), 3U);
    EXPECT_EQ(sse(complete), success);
    EXPECT_EQ(state_of(global), 2U);
}

TEST_F(SbiSse, LetsALowerPriorityWait) {
    EXPECT_EQ(write(local, Attribute::priority, 0xffff'ffff), success);
    unmask(0);
    enable_event(local);
    enable_event(global);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(sse(inject, local, 0), success);
    EXPECT_THAT(port.entered, SizeIs(1));
    EXPECT_TRUE(is_pending(local));
    EXPECT_EQ(sse(complete), success);
    EXPECT_THAT(port.entered, SizeIs(2));
    EXPECT_EQ(state_of(local), 3U);
}

TEST_F(SbiSse, TakesTheHigherOfTwoFirst) {
    enable_event(local);
    enable_event(global);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(sse(inject, local, 0), success);
    unmask(0);
    ASSERT_THAT(port.entered, SizeIs(1));
    EXPECT_EQ(port.entered[0][2], local);
}

TEST_F(SbiSse, RunsAgainIfInjectedWhileItRuns) {
    unmask(0);
    enable_event(local);
    EXPECT_EQ(sse(inject, local, 0), success);
    EXPECT_EQ(sse(inject, local, 0), success);
    EXPECT_THAT(port.entered, SizeIs(1));
    EXPECT_EQ(sse(complete), success);
    EXPECT_THAT(port.entered, SizeIs(2));
}

TEST_F(SbiSse, DisablesAOneShotEventOnceItIsOver) {
    EXPECT_EQ(write(local, Attribute::config, 1), success);
    unmask(0);
    enable_event(local);
    EXPECT_EQ(sse(inject, local, 0), success);
    EXPECT_EQ(sse(complete), success);
    EXPECT_EQ(state_of(local), 1U);
}

TEST_F(SbiSse, CallsTheHartOfALocalEvent) {
    EXPECT_EQ(sse(inject, local, 3), invalid_param);
    enable_event(local, 1);
    EXPECT_EQ(sse(inject, local, 1), success);
    EXPECT_THAT(port.requested, IsEmpty());  // masked there
    unmask(1);
    EXPECT_EQ(call_on(1, complete), sbi_success);
    port.entered.clear();
    EXPECT_EQ(sse(inject, local, 1), success);
    EXPECT_THAT(port.requested, ElementsAre(1));
    EXPECT_THAT(port.entered, IsEmpty());
    sse::attend(harts[1], port);
    EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 1, local}));
}

TEST_F(SbiSse, PrefersAHartThatIsReady) {
    EXPECT_EQ(write(global, Attribute::preferred_hart, 2), success);
    EXPECT_EQ(attribute(global, Attribute::preferred_hart, 1), 2U);
    enable_event(global);
    unmask(0);
    unmask(2);
    EXPECT_EQ(sse(inject, global, 77), success);  // hart_id means nothing
    EXPECT_THAT(port.entered, IsEmpty());
    EXPECT_THAT(port.requested, ElementsAre(2));
    EXPECT_EQ(call_on(2, hart_mask), sbi_success);  // before it looked
    EXPECT_THAT(port.requested, ElementsAre(2, 0));
    sse::attend(harts[0], port);
    EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 0, global}));
}

TEST_F(SbiSse, WritesAttributesAsStateAndLegalValuesLet) {
    for (const auto event : both) {
        EXPECT_EQ(write(event, Attribute::status, 0), denied);
        EXPECT_EQ(write(event, Attribute::entry_pc, 0), denied);
        EXPECT_EQ(write(event, Attribute::entry_arg, 0), denied);
        EXPECT_EQ(write(event, Attribute::priority, 1UL << 32), invalid_param);
        EXPECT_EQ(write(event, Attribute::config, 2), invalid_param);
        EXPECT_EQ(write(event, Attribute::preferred_hart, 3), event == local ? denied : invalid_param);
        for (const auto kept : {Attribute::interrupted_sepc, Attribute::interrupted_flags, Attribute::interrupted_a6,
                                Attribute::interrupted_a7}) {
            EXPECT_EQ(write(event, kept, 0), invalid_state);
        }
        enable_event(event);
        EXPECT_EQ(write(event, Attribute::priority, 1), invalid_state);
        EXPECT_EQ(write(event, Attribute::config, 1), invalid_state);
    }
    EXPECT_EQ(write(global, Attribute::preferred_hart, 1), invalid_state);
    unmask(0);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(write(global, Attribute::interrupted_flags, 0x40), invalid_param);
    EXPECT_EQ(write(global, Attribute::interrupted_flags, 0x3f), success);
    EXPECT_EQ(attribute(global, Attribute::interrupted_flags), 0x3fU);
    EXPECT_EQ(write(global, Attribute::interrupted_sepc, 4, 1), invalid_state);  // another hart
}

TEST_F(SbiSse, ChecksRangesThenMemory) {
    for (const auto function : {read_attrs, write_attrs}) {
        EXPECT_EQ(call_on(0, function, local, 0, 0, 1).error, invalid_param);
        EXPECT_EQ(call_on(0, function, local, 10, 1, 1).error, bad_range);
        EXPECT_EQ(call_on(0, function, local, 9, 2, 1).error, bad_range);
        EXPECT_EQ(call_on(0, function, local, 1, 0xffff'ffff, 1).error, bad_range);
        EXPECT_EQ(call_on(0, function, local, 1, 1, memory + 4).error, invalid_address);
        EXPECT_EQ(call_on(0, function, local, 1, 1, 0x1000'0000).error, invalid_address);
        EXPECT_EQ(call_on(0, function, local, 1, 1, ~7UL).error, invalid_address);
        EXPECT_EQ(call_on(0, function, local, 1, 1, memory, 1).error, invalid_address);
        EXPECT_EQ(call_on(0, function, local, 1, 2, 0x8000'3ff8).error, invalid_address);
    }
    EXPECT_EQ(call_on(0, read_attrs, local, 1, 1, 0x8000'3000).error, invalid_address);  // read-only
    EXPECT_EQ(call_on(0, write_attrs, local, 1, 1, 0x8000'3000), sbi_success);
}

TEST_F(SbiSse, MovesRangesAcrossWindowsAndWritesAllOrNothing) {
    const std::array<std::uint64_t, 2> values{7, 1};  // priority, config
    std::memcpy(port.banks[0].bytes.data() + 0x1ff8, &values[0], 8);
    std::memcpy(port.banks[1].bytes.data(), &values[1], 8);
    EXPECT_EQ(call_on(0, write_attrs, local, 1, 3, 0x8000'1ff8).error, denied);
    EXPECT_EQ(attribute(local, Attribute::priority), 0U);
    EXPECT_EQ(call_on(0, write_attrs, local, 1, 2, 0x8000'1ff8), sbi_success);
    EXPECT_EQ(attribute(local, Attribute::priority), 7U);
    EXPECT_EQ(attribute(local, Attribute::config), 1U);
    std::memset(port.banks[1].bytes.data(), 0xff, 8);
    EXPECT_EQ(call_on(0, read_attrs, local, 1, 2, 0x8000'1ff8), sbi_success);
    EXPECT_EQ(port.banks[0].bytes[0x1ff8], 7);
    EXPECT_EQ(port.banks[1].bytes[0], 1);
    EXPECT_EQ(port.banks[1].bytes[1], 0);
}

TEST_F(SbiSse, ResetsAHartAndGivesItsGlobalEventAway) {
    enable_event(global);
    enable_event(local);
    unmask(0);
    unmask(1);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(sse(inject, global), success);
    EXPECT_EQ(state_of(global), 3U);
    set(0, HsmState::stopped);
    sse::reset(harts[0], port);
    EXPECT_TRUE(harts[0].sse.masked);
    EXPECT_EQ(state_of(local), 0U);
    EXPECT_EQ(state_of(global, 1), 2U);
    EXPECT_THAT(port.requested, Each(1));
    EXPECT_FALSE(port.requested.empty());
}

TEST_F(SbiSse, LosesWhatWasInjectedIntoAStoppedHartAndNothingOnceItIsAboutToStart) {
    set(1, HsmState::stopped);
    EXPECT_EQ(sse(inject, local, 1), success);
    EXPECT_THAT(port.requested, IsEmpty());
    EXPECT_TRUE(is_pending(local, 1));
    EXPECT_EQ(hart_start(harts[0], port, 1, {guest.entry, 0}), sbi_success);
    EXPECT_FALSE(is_pending(local, 1));
    EXPECT_EQ(sse(inject, local, 1), success);
    EXPECT_TRUE(poll_start(harts[1], port));
    EXPECT_TRUE(is_pending(local, 1));
}

TEST_F(SbiSse, ResetsAGuest) {
    enable_event(global);
    enable_event(local, 1);
    unmask(1);
    EXPECT_EQ(sse(inject, global), success);
    for (std::uint32_t hart = 0; hart < harts.size(); ++hart) {
        set(hart, HsmState::stopped);
    }
    start_guest(std::span{harts}, port, [] {});
    EXPECT_EQ(attribute(global, Attribute::status), 8U);
    EXPECT_EQ(attribute(local, Attribute::status, 1), 8U);
    EXPECT_TRUE(harts[1].sse.masked);
}

// --- events of the hypervisor's ---

TEST_F(SbiSse, InterruptsEveryHartThatIsReady) {
    EXPECT_EQ(sse::interrupt_harts(harts[0], port), 0U);
    enable_event(local, 0);
    enable_event(local, 1);
    enable_event(local, 2);
    unmask(0);
    unmask(2);
    set(2, HsmState::stopped);
    EXPECT_EQ(sse::interrupt_harts(harts[1], port), 1U);
    EXPECT_THAT(port.requested, ElementsAre(0));
    EXPECT_FALSE(is_pending(local, 1));
    EXPECT_FALSE(is_pending(local, 2));
    sse::attend(harts[0], port);
    EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 0, local}));
}

TEST_F(SbiSse, AsksAGuestThatListens) {
    EXPECT_FALSE(sse::interrupt_guest(harts[0], port));
    enable_event(global);
    EXPECT_FALSE(sse::interrupt_guest(harts[0], port));
    EXPECT_FALSE(is_pending(global));
    unmask(1);
    EXPECT_TRUE(sse::interrupt_guest(harts[0], port));
    EXPECT_THAT(port.requested, ElementsAre(1));
    sse::attend(harts[1], port);
    EXPECT_THAT(port.entered, ElementsAre(std::array<std::uint64_t, 3>{handler, 1, global}));
}

TEST_F(SbiSse, WaitsForAnotherHartWithTheLock) {
    harts[0].sse.lock = 1;
    port.on_relax = [this] { harts[0].sse.lock = 0; };
    EXPECT_EQ(call_on(1, hart_unmask), sbi_success);
    EXPECT_EQ(harts[0].sse.lock.load(), 0U);
}

}  // namespace
}  // namespace mullion
