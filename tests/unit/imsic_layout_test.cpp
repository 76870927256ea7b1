// SPDX-License-Identifier: Apache-2.0
#include "core/imsic_layout.hpp"

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

/// QEMU's virt machine with `-smp 6,sockets=2`: 3 harts a socket, whose files lie 16 MiB apart.
TEST(InterruptFile, OfAGroupLiesInItsRegion) {
    const Imsic imsic{.base = base,
                      .size = 0x6000,
                      .guest_index_bits = 1,
                      .num_ids = 255,
                      .groups = 2,
                      .hart_index_bits = 2,
                      .group_index_shift = 24};
    EXPECT_EQ(interrupt_file(imsic, 0b0'10, 0), base + 0x4000);
    EXPECT_EQ(interrupt_file(imsic, 0b1'00, 0), base + 0x100'0000);
    EXPECT_EQ(interrupt_file(imsic, 0b1'10, guest_file), base + 0x100'5000);
    EXPECT_EQ(group_of(imsic, 0b1'10), 1);
    EXPECT_EQ(group_region(imsic, 1), (HostRange{base + 0x100'0000, 0x6000}));
}

}  // namespace
}  // namespace mullion
