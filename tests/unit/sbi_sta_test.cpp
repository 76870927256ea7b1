// SPDX-License-Identifier: Apache-2.0
#include "rooms/sta.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

constexpr std::uint64_t none = ~std::uint64_t{0};

struct SbiSta : testing::Test, FakeGuest {
    SbiSta() { set(0, HsmState::started); }

    SbiResult set_shmem(std::uint64_t low, std::uint64_t high = 0, std::uint64_t flags = 0) {
        return call(SbiExtension::sta, StaFunction::steal_time_set_shmem, low, high, flags);
    }
};

TEST_F(SbiSta, ClearsThe64BytesAndNoMore) {
    const auto around = port.guest_memory({0xa000'0000}, 256);
    std::ranges::fill(around, std::uint8_t{0xee});
    EXPECT_EQ(set_shmem(0x8000'0040), sbi_success);
    for (std::size_t i = 0; i < around.size(); ++i) {
        EXPECT_EQ(around[i], i >= 64 && i < 128 ? 0 : 0xee) << i;
    }
}

TEST_F(SbiSta, TakesTheLast64BytesOfAWindow) {
    EXPECT_EQ(set_shmem(0x8000'2fc0), sbi_success);
}

TEST_F(SbiSta, TakesWritableMemoryOfTheGuestOnly) {
    for (const std::uint64_t address :
         {0x7fff'ffc0UL, 0x8000'3000UL, 0x8000'4000UL, 0x1000'0000UL, 0x9000'0000UL, 0UL, ~0x3fUL}) {
        EXPECT_EQ(set_shmem(address), sbi_failure(SbiError::invalid_address)) << std::hex << address;
    }
    EXPECT_EQ(set_shmem(0x8000'0000, 1), sbi_failure(SbiError::invalid_address));
    EXPECT_EQ(set_shmem(0x8000'0000, none), sbi_failure(SbiError::invalid_address));
}

TEST_F(SbiSta, TakesAnAlignedAddressOnly) {
    for (const std::uint64_t address : {0x8000'0001UL, 0x8000'0020UL, 0x8000'003fUL}) {
        EXPECT_EQ(set_shmem(address), sbi_failure(SbiError::invalid_param));
    }
    EXPECT_EQ(set_shmem(none, 0), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiSta, TakesNoFlags) {
    EXPECT_EQ(set_shmem(0x8000'0000, 0, 1), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(set_shmem(none, none, 1), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiSta, EndsTheReportWhenBothHalvesAreAllOnes) {
    EXPECT_EQ(set_shmem(none, none), sbi_success);
    EXPECT_EQ(set_shmem(0x8000'0040), sbi_success);
    EXPECT_EQ(set_shmem(none, none), sbi_success);
}

TEST_F(SbiSta, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::sta, 1, none, none), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
