// SPDX-License-Identifier: Apache-2.0
#include "rooms/legacy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum LegacyExtension;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t mask_at = 0xffff'ffc0'0000'0008;
constexpr std::uint64_t a1 = 0xa1a1;

struct SbiLegacy : testing::Test, FakeGuest {
    SbiLegacy() {
        for (const auto hart : {0U, 1U, 2U}) {
            set(hart, HsmState::started);
        }
        port.on_request = [&](VCpu& target) { serve_requests(target, remote); };
    }
    /// Makes a legacy call, whose function id means nothing.
    std::int64_t legacy(LegacyExtension extension, std::uint64_t a0 = 0, std::uint64_t second = a1,
                        std::uint64_t a2 = 0, std::uint64_t a3 = 0) {
        const auto result = call(static_cast<SbiExtension>(extension), ~std::uint64_t{0}, a0, second, a2, a3);
        EXPECT_EQ(result.value, second) << "a1";
        return static_cast<std::int64_t>(result.error);
    }
    FakeSbiPort remote;
};

TEST_F(SbiLegacy, SetsTheTimer) {
    EXPECT_EQ(legacy(set_timer, 0x1234), 0);
    EXPECT_THAT(port.timers, ElementsAre(0x1234));
}

TEST_F(SbiLegacy, WritesTheLowByte) {
    EXPECT_EQ(legacy(console_putchar, 0xffff'ff41), 0);
    EXPECT_EQ(port.output, "A");
}

TEST_F(SbiLegacy, HasTheGuestMakeTheSameCallAgainUntilThereIsRoom) {
    port.room = 0;
    EXPECT_EQ(legacy(console_putchar, 0xffff'ff41), 0xffff'ff41);
    EXPECT_EQ(port.repeated, 1);
    port.room = 1;
    EXPECT_EQ(legacy(console_putchar, 0xffff'ff41), 0);
    EXPECT_EQ(port.repeated, 1);
    EXPECT_EQ(port.output, "A");
}

TEST_F(SbiLegacy, ReadsAByteOrMinusOne) {
    port.input = "\xfez";
    EXPECT_EQ(legacy(console_getchar), 0xfe);
    EXPECT_EQ(legacy(console_getchar), 'z');
    EXPECT_EQ(legacy(console_getchar), -1);
}

TEST_F(SbiLegacy, TellsWhetherTheInterruptThatItClearedWasPending) {
    port.software_interrupt = true;
    EXPECT_GT(legacy(clear_ipi), 0);
    EXPECT_EQ(legacy(clear_ipi), 0);
}

TEST_F(SbiLegacy, InterruptsTheHartsOfTheMask) {
    port.words[mask_at] = 0b101;
    EXPECT_EQ(legacy(send_ipi, mask_at), 0);
    EXPECT_THAT(port.interrupted, ElementsAre(0, 2));
}

TEST_F(SbiLegacy, IgnoresBitsPastTheGuestsHarts) {
    port.words[mask_at] = ~std::uint64_t{0} << 1;
    EXPECT_EQ(legacy(send_ipi, mask_at), 0);
    EXPECT_THAT(port.interrupted, ElementsAre(1, 2));
}

TEST_F(SbiLegacy, TakesAddressZeroForAllHarts) {
    EXPECT_EQ(legacy(send_ipi, 0), 0);
    EXPECT_THAT(port.interrupted, ElementsAre(0, 1, 2));
}

TEST_F(SbiLegacy, FencesTheHartsOfTheMask) {
    port.words[mask_at] = 0b011;
    EXPECT_EQ(legacy(remote_fence_i, mask_at), 0);
    EXPECT_EQ(port.fence_is, 1);
    EXPECT_EQ(remote.fence_is, 1);
    EXPECT_EQ(legacy(remote_sfence_vma, mask_at, 0x3000, 0x1000, 0x55), 0);
    EXPECT_THAT(port.fences, ElementsAre(Fence{{0x3000}, 1}));
    EXPECT_EQ(legacy(remote_sfence_vma_asid, mask_at, 0x3000, 0x1000, 0x55), 0);
    EXPECT_THAT(port.fences, ElementsAre(Fence{{0x3000}, 1}, Fence{{0x3000}, 1, 0x55}));
    EXPECT_THAT(port.requested, ElementsAre(1, 1, 1));
}

TEST_F(SbiLegacy, FencesEverythingWhereTheRangeSaysSo) {
    EXPECT_EQ(legacy(remote_sfence_vma, 0, 0, 0), 0);
    EXPECT_EQ(legacy(remote_sfence_vma, 0, 0x5000, ~std::uint64_t{0}), 0);
    EXPECT_THAT(port.fences, ElementsAre(Fence{}, Fence{}));
}

TEST_F(SbiLegacy, AnswersANegativeErrorToARangeOrAnAsidThatCannotBe) {
    EXPECT_LT(legacy(remote_sfence_vma, 0, ~std::uint64_t{0}, 2), 0);
    EXPECT_LT(legacy(remote_sfence_vma_asid, 0, 0x3000, 0x1000, 0x1'0000), 0);
    EXPECT_THAT(port.fences, IsEmpty());
}

TEST_F(SbiLegacy, GivesTheGuestTheFaultOfItsMaskAtTheCallWithItsRegistersAsTheyWere) {
    for (const auto call : {send_ipi, remote_fence_i, remote_sfence_vma, remote_sfence_vma_asid}) {
        port.raised.clear();
        EXPECT_EQ(legacy(call, mask_at), static_cast<std::int64_t>(mask_at));
        EXPECT_THAT(port.raised, ElementsAre(GuestFault{13, mask_at}));
    }
    EXPECT_THAT(port.interrupted, IsEmpty());
    EXPECT_EQ(port.fence_is, 0);
}

TEST_F(SbiLegacy, ShutsTheGuestDown) {
    try {
        legacy(shutdown);
        FAIL() << "returned";
    } catch (const Ended& ended) {
        EXPECT_EQ(ended.ending, (Ending{SrstType::shutdown, SrstReason::no_reason}));
    }
}

/// Provides more harts than one word has bits.
struct SbiLegacyOfManyHarts : testing::Test {
    template <std::size_t... i>
    static std::array<VCpu, sizeof...(i)> make(const Guest& guest, std::span<VCpu> all, std::index_sequence<i...>) {
        return {VCpu{guest, all, i, HartId{i}}...};
    }
    SbiLegacyOfManyHarts() {
        for (auto& vcpu : harts) {
            vcpu.state = static_cast<std::uint32_t>(HsmState::started);
        }
    }
    FakeHarts few;
    std::array<VCpu, 70> harts = make(few.guest, harts, std::make_index_sequence<70>{});
    FakeSbiPort port;
};

TEST_F(SbiLegacyOfManyHarts, ReadsAsManyWordsAsTheHartsNeed) {
    port.words[mask_at] = std::uint64_t{1} << 63;
    port.words[mask_at + 8] = ~std::uint64_t{0} << 4;
    EXPECT_EQ(sbi_legacy(harts[0], port, {.a0 = mask_at, .a1 = a1, .extension = 4}),
              (SbiResult{SbiError::success, a1}));
    EXPECT_THAT(port.interrupted, ElementsAre(63, 68, 69));
}

TEST_F(SbiLegacyOfManyHarts, RaisesTheFaultOfALaterWord) {
    port.words[mask_at] = 0;
    EXPECT_EQ(sbi_legacy(harts[0], port, {.a0 = mask_at, .a1 = a1, .extension = 4}).value, a1);
    EXPECT_THAT(port.raised, ElementsAre(GuestFault{13, mask_at + 8}));
}

}  // namespace
}  // namespace mullion
