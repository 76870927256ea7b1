// SPDX-License-Identifier: Apache-2.0
#include "vm/vcpu.hpp"

#include <gtest/gtest.h>

#include <set>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

constexpr Guest nobody{};
constinit std::array<VCpu, 1> constant_initialised{VCpu{nobody, constant_initialised, 0, HartId{3}}};

TEST(VCpu, NeedsNoStaticConstructor) {
    EXPECT_EQ(constant_initialised[0].siblings.data(), constant_initialised.data());
}

TEST(VCpu, BeginsStoppedWithNothingAsked) {
    FakeGuest fake;
    const auto& vcpu = fake.harts[2];
    EXPECT_EQ(vcpu.index, 2U);
    EXPECT_EQ(vcpu.hart, HartId{12});
    EXPECT_EQ(hsm::state_of(vcpu), HsmState::stopped);
    EXPECT_EQ(vcpu.fence_i.requested, vcpu.fence_i.done);
    EXPECT_EQ(vcpu.sfence.requested, vcpu.sfence.done);
    EXPECT_EQ(vcpu.stop_ordered, 0U);
}

TEST(VCpu, CountsEachCauseForItself) {
    FakeGuest fake;
    auto& vcpu = fake.harts[0];
    const auto uart = exit_of(DeviceKind::uart16550);
    vcpu.count(uart);
    vcpu.count(uart);
    vcpu.count(Exit::timer_interrupt);
    for (std::size_t i = 0; i < exit_causes; ++i) {
        const auto cause = static_cast<Exit>(i);
        EXPECT_EQ(vcpu.exits_of(cause), cause == uart ? 2U : cause == Exit::timer_interrupt ? 1U : 0U);
    }
    EXPECT_EQ(fake.harts[1].exits_of(uart), 0U);
}

TEST(VCpu, SharesNoCacheLineWithItsNeighbour) {
    EXPECT_EQ(alignof(VCpu) % 64, 0U);
    EXPECT_EQ(sizeof(VCpu) % 64, 0U);
}

TEST(Exit, HasANameOfItsOwnForEachCause) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < exit_causes; ++i) {
        names.insert(name_of(static_cast<Exit>(i)));
    }
    EXPECT_EQ(names.size(), exit_causes);
    EXPECT_EQ(names.count(""), 0U);
}

TEST(Exit, IsOfItsOwnForEachKindOfDevice) {
    EXPECT_EQ(name_of(exit_of(DeviceKind::aplic)), "mmio aplic");
    EXPECT_EQ(name_of(exit_of(DeviceKind::plic)), "mmio plic");
    EXPECT_EQ(name_of(exit_of(DeviceKind::uart16550)), "mmio uart");
    EXPECT_EQ(name_of(exit_of(DeviceKind::watchdog)), "mmio watchdog");
}

}  // namespace
}  // namespace mullion
