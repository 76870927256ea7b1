// SPDX-License-Identifier: Apache-2.0
#include "core/imsic.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

constexpr Hpa base{0x2800'0000};

// QEMU's -M virt,aia=aplic-imsic,aia-guests=N gives an index of 1 bit to N = 1, 2 bits to 2..3, 3 bits to 4..7.
TEST(InterruptFile, FollowsTheSupervisorFileOfItsHart) {
    const Imsic imsic{base, 0x8000, 1, 255};
    EXPECT_EQ(interrupt_file(imsic, 0, 0), base);
    EXPECT_EQ(interrupt_file(imsic, 0, guest_file), base + 0x1000);
    EXPECT_EQ(interrupt_file(imsic, 3, 0), base + 0x6000);
    EXPECT_EQ(interrupt_file(imsic, 3, guest_file), base + 0x7000);
}

TEST(InterruptFile, StridesGrowWithTheGuestIndex) {
    EXPECT_EQ(interrupt_file({base, 0x1'0000, 2, 255}, 1, guest_file), base + 0x5000);
    EXPECT_EQ(interrupt_file({base, 0x2'0000, 3, 255}, 1, guest_file), base + 0x9000);
    EXPECT_EQ(interrupt_file({base, 0x2'0000, 3, 255}, 2, 7), base + 0x1'7000);
}

}  // namespace
}  // namespace mullion
