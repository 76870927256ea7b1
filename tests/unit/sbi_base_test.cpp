// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/base.hpp"

#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum BaseFunction;

struct SbiBase : testing::Test, FakeGuest {
    std::uint64_t get(BaseFunction function, std::uint64_t a0 = 0) {
        const auto result = call(SbiExtension::base, function, a0);
        EXPECT_EQ(result.error, SbiError::success);
        return result.value;
    }
};

TEST_F(SbiBase, TellsVersion3AsMajorAndMinor) {
    EXPECT_EQ(get(get_spec_version), 0x0300'0000U);
    EXPECT_EQ(sbi_version(2, 1), 0x0200'0001U);
}

TEST_F(SbiBase, TellsAnImplementationIdThatNobodyElseHas) {
    EXPECT_GT(get(get_impl_id), 0xffU);  // registered: 0 to 11, in order
    EXPECT_EQ(get(get_impl_id), sbi_implementation_id);
    EXPECT_EQ(get(get_impl_version), sbi_implementation_version);
}

TEST_F(SbiBase, ProbesOneForWhatIsOffered) {
    for (const auto id : {0x10, 0x54494d45, 0x735049, 0x52464e43, 0x48534d, 0x53525354, 0x4442434e, 0x53555350,
                          0x535441, 0x46574654, 0x535345}) {
        EXPECT_EQ(get(probe_extension, static_cast<std::uint64_t>(id)), 1U) << std::hex << id;
    }
}

TEST_F(SbiBase, ProbesOneForTheLegacyExtensionsAndZeroForTheReservedOnesBeside) {
    for (std::uint64_t legacy = 0; legacy < 0x10; ++legacy) {
        EXPECT_EQ(get(probe_extension, legacy), legacy <= 8 ? 1U : 0U);
    }
}

TEST_F(SbiBase, ProbesZeroForWhatIsNot) {
    // CPPC, NACL, DBTR, MPXY, and a known id with something above its 32 bits
    for (const std::uint64_t id : {0x43505043UL, 0x4e41434cUL, 0x44425452UL, 0x4d505859UL, 0x1'0000'0010UL, ~0UL}) {
        EXPECT_EQ(get(probe_extension, id), 0U) << std::hex << id;
    }
}

TEST_F(SbiBase, OffersExactlyWhatTheDispatchAnswers) {
    for (const auto id : {SbiExtension::base, SbiExtension::time, SbiExtension::ipi, SbiExtension::rfence,
                          SbiExtension::hsm, SbiExtension::srst, SbiExtension::dbcn, SbiExtension::susp,
                          SbiExtension::sta, SbiExtension::fwft, SbiExtension::sse, SbiExtension::pmu}) {
        (void)call(id, ~std::uint64_t{0});
    }
    EXPECT_EQ(harts[0].exits_of(Exit::sbi_other), 0U);
}

TEST_F(SbiBase, TellsTheIdsOfTheMachine) {
    EXPECT_EQ(get(get_mvendorid), 0x11U);
    EXPECT_EQ(get(get_marchid), 0x22U);
    EXPECT_EQ(get(get_mimpid), 0x33U);
}

TEST_F(SbiBase, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::base, 7), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
