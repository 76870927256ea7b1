// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/rfence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum RfenceFunction;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t whole = ~std::uint64_t{0};
constexpr std::uint64_t all = sbi_all_harts;

/// Harts 1 and 2 serve their requests as soon as they are asked, each with a port of its own.
struct SbiRfence : testing::Test, FakeGuest {
    SbiRfence() {
        for (std::uint32_t hart = 0; hart < 3; ++hart) {
            set(hart, HsmState::started);
        }
        port.on_request = [this](VCpu& target) { serve_requests(target, remote[target.index]); };
    }
    SbiResult rfence(RfenceFunction function, std::uint64_t mask, std::uint64_t base, std::uint64_t start = 0,
                     std::uint64_t size = 0, std::uint64_t asid = 0) {
        return call(SbiExtension::rfence, function, mask, base, start, size, asid);
    }
    /// Returns what the calling hart itself fences for a range.
    std::vector<Fence> local(std::uint64_t start, std::uint64_t size) {
        port.fences.clear();
        EXPECT_EQ(rfence(remote_sfence_vma, 1, 0, start, size), sbi_success);
        return port.fences;
    }

    std::array<FakeSbiPort, 3> remote;
};

TEST_F(SbiRfence, FencesInstructionsOnTheHartsOfTheMask) {
    EXPECT_EQ(rfence(remote_fence_i, 0b101, 0), sbi_success);
    EXPECT_EQ(port.fence_is, 1);
    EXPECT_EQ(remote[1].fence_is, 0);
    EXPECT_EQ(remote[2].fence_is, 1);
    EXPECT_THAT(port.requested, ElementsAre(2));
    EXPECT_THAT(remote[2].fences, IsEmpty());
}

TEST_F(SbiRfence, FencesTranslationsOnTheHartsOfTheMask) {
    EXPECT_EQ(rfence(remote_sfence_vma, 0b10, 0, 0x1000, 0x1000), sbi_success);
    EXPECT_THAT(port.fences, IsEmpty());
    EXPECT_THAT(remote[1].fences, ElementsAre(Fence{}));
    EXPECT_THAT(remote[2].fences, IsEmpty());
    EXPECT_EQ(remote[1].fence_is, 0);
}

TEST_F(SbiRfence, FencesAllHartsForBaseMinusOne) {
    EXPECT_EQ(rfence(remote_sfence_vma, 0, all), sbi_success);
    EXPECT_THAT(port.fences, ElementsAre(Fence{}));
    EXPECT_THAT(remote[1].fences, ElementsAre(Fence{}));
    EXPECT_THAT(remote[2].fences, ElementsAre(Fence{}));
}

TEST_F(SbiRfence, FencesOnlyTheRangeOnTheCallingHart) {
    EXPECT_THAT(local(0x4000, 0x2000), ElementsAre(Fence{{0x4000}, 2}));
    EXPECT_THAT(local(0, 0x2000), ElementsAre(Fence{{0}, 2}));
    EXPECT_THAT(port.requested, IsEmpty());
}

TEST_F(SbiRfence, FencesEveryPageThatTheRangeTouches) {
    EXPECT_THAT(local(0x4fff, 1), ElementsAre(Fence{{0x4000}, 1}));
    EXPECT_THAT(local(0x4fff, 2), ElementsAre(Fence{{0x4000}, 2}));
    EXPECT_THAT(local(0x4001, 0x1000), ElementsAre(Fence{{0x4000}, 2}));
}

TEST_F(SbiRfence, FencesEverythingForStartAndSizeZero) {
    EXPECT_THAT(local(0, 0), ElementsAre(Fence{}));
}

TEST_F(SbiRfence, FencesEverythingForSizeMinusOneWhateverTheStart) {
    EXPECT_THAT(local(0, whole), ElementsAre(Fence{}));
    EXPECT_THAT(local(0x5000, whole), ElementsAre(Fence{}));
}

TEST_F(SbiRfence, FencesNothingForAnEmptyRange) {
    EXPECT_EQ(rfence(remote_sfence_vma, 0, all, 0x1000, 0), sbi_success);
    EXPECT_THAT(port.fences, IsEmpty());
    EXPECT_THAT(remote[1].fences, IsEmpty());
}

TEST_F(SbiRfence, FencesEverythingInsteadOfManyPages) {
    EXPECT_THAT(local(0x1000, fence_page_limit * page_size), ElementsAre(Fence{{0x1000}, fence_page_limit}));
    EXPECT_THAT(local(0x1000, fence_page_limit * page_size + 1), ElementsAre(Fence{}));
}

TEST_F(SbiRfence, TakesARangeToTheEndOfTheAddressSpace) {
    EXPECT_THAT(local(whole - 0xfff, 0x1000), ElementsAre(Fence{{whole - 0xfff}, 1}));
}

TEST_F(SbiRfence, RefusesARangeThatWrapsAround) {
    for (const auto function : {remote_sfence_vma, remote_sfence_vma_asid}) {
        EXPECT_EQ(rfence(function, 0, all, whole - 0xfff, 0x1001), sbi_failure(SbiError::invalid_address));
        EXPECT_EQ(rfence(function, 0, all, 3, whole - 1), sbi_failure(SbiError::invalid_address));
    }
    EXPECT_THAT(port.fences, IsEmpty());
    EXPECT_THAT(port.requested, IsEmpty());
}

TEST_F(SbiRfence, FencesOneAddressSpaceOnTheCallingHart) {
    EXPECT_EQ(rfence(remote_sfence_vma_asid, 1, 0, 0x3000, 0x1000, 0xffff), sbi_success);
    EXPECT_EQ(rfence(remote_sfence_vma_asid, 1, 0, 0, 0, 0), sbi_success);
    EXPECT_THAT(port.fences, ElementsAre(Fence{{0x3000}, 1, 0xffff}, Fence{{}, 0, 0}));
}

TEST_F(SbiRfence, RefusesAnAsidThatNoHartHas) {
    EXPECT_EQ(rfence(remote_sfence_vma_asid, 1, 0, 0x3000, 0x1000, 0x1'0000), sbi_failure(SbiError::invalid_param));
    EXPECT_THAT(port.fences, IsEmpty());
}

TEST_F(SbiRfence, IgnoresTheAsidWhereTheFunctionHasNone) {
    EXPECT_EQ(rfence(remote_sfence_vma, 1, 0, 0, 0, whole), sbi_success);
    EXPECT_THAT(port.fences, ElementsAre(Fence{}));
}

TEST_F(SbiRfence, IgnoresTheRangeOfAnInstructionFence) {
    EXPECT_EQ(rfence(remote_fence_i, 1, 0, whole, 5), sbi_success);
    EXPECT_EQ(port.fence_is, 1);
}

TEST_F(SbiRfence, FencesNowhereIfOneHartIsInvalid) {
    for (const auto function : {remote_fence_i, remote_sfence_vma, remote_sfence_vma_asid}) {
        EXPECT_EQ(rfence(function, 0b1001, 0), sbi_failure(SbiError::invalid_param));
    }
    EXPECT_EQ(port.fence_is, 0);
    EXPECT_THAT(port.fences, IsEmpty());
}

TEST_F(SbiRfence, SucceedsForAnEmptyMask) {
    EXPECT_EQ(rfence(remote_fence_i, 0, 0), sbi_success);
    EXPECT_EQ(port.fence_is, 0);
}

TEST_F(SbiRfence, DoesNotSupportTheFunctionsOfHypervisors) {
    for (const auto function : {remote_hfence_gvma_vmid, remote_hfence_gvma, remote_hfence_vvma_asid,
                                remote_hfence_vvma, RfenceFunction{7}}) {
        EXPECT_EQ(rfence(function, 0, all), sbi_failure(SbiError::not_supported));
    }
    EXPECT_THAT(port.fences, IsEmpty());
    EXPECT_THAT(port.requested, IsEmpty());
}

}  // namespace
}  // namespace mullion
