// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/srst.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

struct SbiSrst : testing::Test, FakeGuest {
    SbiResult reset(std::uint64_t type, std::uint64_t reason) {
        return call(SbiExtension::srst, SrstFunction::system_reset, type, reason);
    }
    std::optional<Ending> ending(std::uint64_t type, std::uint64_t reason) {
        try {
            reset(type, reason);
        } catch (const Ended& ended) {
            return ended.ending;
        }
        return std::nullopt;
    }
};

TEST_F(SbiSrst, EndsTheGuestInEachWayForEachReason) {
    for (const std::uint32_t reason : {0U, 1U}) {
        for (const std::uint32_t type : {0U, 1U, 2U}) {
            EXPECT_EQ(ending(type, reason), (Ending{static_cast<SrstType>(type), static_cast<SrstReason>(reason)}));
        }
    }
}

TEST_F(SbiSrst, RefusesReservedTypes) {
    EXPECT_EQ(reset(3, 0), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(reset(0xefff'ffff, 0), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiSrst, RefusesVendorTypesThatItDoesNotImplement) {
    EXPECT_EQ(reset(0xf000'0000, 0), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(reset(0xffff'ffff, 0), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiSrst, RefusesReservedAndVendorReasons) {
    for (const std::uint64_t reason : {2U, 0xdfff'ffffU, 0xe000'0000U, 0xefff'ffffU, 0xf000'0000U, 0xffff'ffffU}) {
        EXPECT_EQ(reset(0, reason), sbi_failure(SbiError::invalid_param)) << reason;
    }
}

TEST_F(SbiSrst, LooksAt32BitsOfTypeAndReason) {
    EXPECT_EQ(ending(0xffff'ffff'0000'0001, 0x1'0000'0001),
              (Ending{SrstType::cold_reboot, SrstReason::system_failure}));
}

TEST_F(SbiSrst, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::srst, 1), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
