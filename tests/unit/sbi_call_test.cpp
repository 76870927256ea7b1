// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/dispatch.hpp"

#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

struct SbiCall : testing::Test, FakeGuest {
    SbiCall() { set(0, HsmState::started); }
};

TEST_F(SbiCall, DoesNotSupportUnknownExtensions) {
    // Reserved beside legacy's, experimental, vendor, firmware specific, and known ids with something above their 32
    // bits.
    for (const std::uint64_t id : {0x9UL, 0xaUL, 0xfUL, 0x1'0000'0000UL, 0x11UL, 0x0800'0000UL, 0x0900'0000UL,
                                   0x0a00'0000UL, 0x44425452UL, 0x1'0000'0010UL, 0xffff'ffff'5449'4d45UL, ~0UL}) {
        EXPECT_EQ(call(static_cast<SbiExtension>(id), 0), sbi_failure(SbiError::not_supported)) << std::hex << id;
    }
    EXPECT_EQ(harts[0].exits_of(Exit::sbi_other), 12U);
}

TEST_F(SbiCall, DoesNotSupportFunctionIdsThatOnlyEndLikeKnownOnes) {
    for (const auto id : {SbiExtension::base, SbiExtension::time, SbiExtension::ipi, SbiExtension::rfence,
                          SbiExtension::hsm, SbiExtension::srst, SbiExtension::dbcn, SbiExtension::susp,
                          SbiExtension::sta, SbiExtension::fwft, SbiExtension::sse, SbiExtension::pmu}) {
        EXPECT_EQ(call(id, 0x1'0000'0000UL), sbi_failure(SbiError::not_supported));
        EXPECT_EQ(call(id, ~0UL), sbi_failure(SbiError::not_supported));
    }
}

TEST_F(SbiCall, CountsByExtension) {
    (void)call(SbiExtension::base, BaseFunction::get_spec_version);
    (void)call(SbiExtension::time, TimeFunction::set_timer);
    (void)call(SbiExtension::ipi, IpiFunction::send_ipi);
    (void)call(SbiExtension::rfence, RfenceFunction::remote_fence_i);
    (void)call(SbiExtension::hsm, HsmFunction::hart_get_status);
    (void)call(SbiExtension::srst, 9);
    (void)call(SbiExtension::dbcn, DbcnFunction::console_write);
    (void)call(SbiExtension::pmu, PmuFunction::num_counters);
    (void)call(SbiExtension::susp, 9);
    (void)call(SbiExtension::sta, 9);
    (void)call(SbiExtension::fwft, 9);
    (void)call(SbiExtension::sse, 99);
    (void)call(SbiExtension{2}, 0);
    (void)call(SbiExtension{0x77}, 0);
    for (const auto cause : {Exit::sbi_base, Exit::sbi_time, Exit::sbi_ipi, Exit::sbi_rfence, Exit::sbi_hsm,
                             Exit::sbi_srst, Exit::sbi_dbcn, Exit::sbi_susp, Exit::sbi_sta, Exit::sbi_fwft,
                             Exit::sbi_sse, Exit::sbi_legacy, Exit::sbi_pmu, Exit::sbi_other}) {
        EXPECT_EQ(harts[0].exits_of(cause), 1U) << name_of(cause);
    }
}

TEST_F(SbiCall, HandsEveryArgumentToItsPlace) {
    (void)call(SbiExtension::rfence, RfenceFunction::remote_sfence_vma_asid, 0b10, sbi_all_harts, 0x3000, 0x1000, 0x55);
    ASSERT_EQ(port.fences.size(), 1U);
    EXPECT_EQ(port.fences[0], (Fence{{0x3000}, 1, 0x55}));
}

TEST_F(SbiCall, IsRememberedUnlessItIsHot) {
    for (const auto hot : {SbiExtension::base, SbiExtension::time, SbiExtension::ipi, SbiExtension::rfence}) {
        (void)call(hot, 0);
        EXPECT_EQ(harts[0].log.size(), 0U);
    }
    (void)call(SbiExtension::hsm, HsmFunction::hart_get_status);
    (void)call(SbiExtension{0x77}, 5);
    ASSERT_EQ(harts[0].log.size(), 2U);
    EXPECT_EQ(harts[0].log.latest(0), (ExitRecord{csr::cause::ecall_vs, port.guest_pc(), 0x77, 5}));
    EXPECT_EQ(harts[0].log.latest(1), (ExitRecord{csr::cause::ecall_vs, port.guest_pc(), 0x48534d, 2}));
}

}  // namespace
}  // namespace mullion
