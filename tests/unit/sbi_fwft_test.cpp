// SPDX-License-Identifier: Apache-2.0
#include "rooms/fwft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum FwftFeature;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t lock = 1;
constexpr std::uint64_t sstc = std::uint64_t{1} << 63;  // what is not a feature's stays
constexpr std::array every{misaligned_exc_deleg, landing_pad,        shadow_stack,
                           double_trap,          pte_ad_hw_updating, pointer_masking_pmlen};

struct SbiFwft : testing::Test, FakeGuest {
    SbiFwft() {
        set_state();
        harts[0].firmware_features = {henvcfg::features, true, false, 0};
        port.environment = sstc;
    }
    void set_state() { FakeHarts::set(0, HsmState::started); }
    SbiResult set(FwftFeature feature, std::uint64_t value, std::uint64_t flags = 0) {
        return call(SbiExtension::fwft, FwftFunction::set, static_cast<std::uint64_t>(feature), value, flags);
    }
    SbiResult get(FwftFeature feature) {
        return call(SbiExtension::fwft, FwftFunction::get, static_cast<std::uint64_t>(feature));
    }
};

SbiResult value(std::uint64_t v) {
    return {SbiError::success, v};
}

TEST_F(SbiFwft, StartsWithEverythingOff) {
    for (const auto feature :
         {misaligned_exc_deleg, landing_pad, shadow_stack, pte_ad_hw_updating, pointer_masking_pmlen}) {
        EXPECT_EQ(get(feature), value(0));
    }
}

TEST_F(SbiFwft, SetsTheFieldOfEachFeatureAndNoOther) {
    const std::array<std::pair<FwftFeature, std::uint64_t>, 3> fields{
        {{landing_pad, henvcfg::lpe}, {shadow_stack, henvcfg::sse}, {pte_ad_hw_updating, henvcfg::adue}}};
    for (const auto& [feature, field] : fields) {
        EXPECT_EQ(set(feature, 1), sbi_success);
        EXPECT_EQ(port.environment, sstc | field);
        EXPECT_EQ(get(feature), value(1));
        EXPECT_EQ(set(feature, 0), sbi_success);
        EXPECT_EQ(port.environment, sstc);
        EXPECT_EQ(get(feature), value(0));
    }
}

TEST_F(SbiFwft, AsksTheFirmwareForMisalignedAccesses) {
    EXPECT_EQ(set(misaligned_exc_deleg, 1), sbi_success);
    EXPECT_EQ(get(misaligned_exc_deleg), value(1));
    EXPECT_EQ(set(misaligned_exc_deleg, 0), sbi_success);
    EXPECT_EQ(get(misaligned_exc_deleg), value(0));
    EXPECT_THAT(port.delegated, ElementsAre(true, false));
    EXPECT_EQ(port.environment, sstc);
}

TEST_F(SbiFwft, FailsIfTheFirmwareDoes) {
    port.firmware_delegates = false;
    EXPECT_EQ(set(misaligned_exc_deleg, 1, lock), sbi_failure(SbiError::failed));
    port.firmware_delegates = true;
    EXPECT_EQ(get(misaligned_exc_deleg), value(0));
    EXPECT_EQ(set(misaligned_exc_deleg, 1), sbi_success);
}

TEST_F(SbiFwft, TakesTheNextMaskLengthThatThereIs) {
    const std::array<std::pair<std::uint64_t, std::uint64_t>, 7> lengths{
        {{1, 7}, {7, 7}, {8, 16}, {16, 16}, {0, 0}, {5, 7}, {0, 0}}};
    for (const auto& [asked, got] : lengths) {
        EXPECT_EQ(set(pointer_masking_pmlen, asked), sbi_success);
        EXPECT_EQ(get(pointer_masking_pmlen), value(got)) << asked;
    }
    EXPECT_EQ(set(pointer_masking_pmlen, 17), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(set(pointer_masking_pmlen, std::uint64_t{1} << 32), sbi_failure(SbiError::invalid_param));
}

TEST_F(SbiFwft, TakesTheLongerMaskWhereTheHartHasOnlyThat) {
    port.refused_pmm = henvcfg::pmlen_7;
    EXPECT_EQ(set(pointer_masking_pmlen, 7), sbi_success);
    EXPECT_EQ(get(pointer_masking_pmlen), value(16));
}

TEST_F(SbiFwft, ChangesNothingWhereTheHartHasNoMaskThatLong) {
    port.refused_pmm = henvcfg::pmlen_16;
    EXPECT_EQ(set(pointer_masking_pmlen, 7), sbi_success);
    EXPECT_EQ(set(pointer_masking_pmlen, 16), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(get(pointer_masking_pmlen), value(7));
}

TEST_F(SbiFwft, RefusesOtherValuesAndFlags) {
    for (const auto feature : {misaligned_exc_deleg, landing_pad, shadow_stack, pte_ad_hw_updating}) {
        for (const std::uint64_t bad : {std::uint64_t{2}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
            EXPECT_EQ(set(feature, bad), sbi_failure(SbiError::invalid_param));
            EXPECT_EQ(set(feature, 1, bad), sbi_failure(SbiError::invalid_param));
        }
    }
    EXPECT_EQ(port.environment, sstc);
    EXPECT_THAT(port.delegated, IsEmpty());
}

TEST_F(SbiFwft, DeniesReservedAndPlatformSpecificFeatures) {
    for (const std::uint32_t id : {6U, 0x3fff'ffffU, 0x4000'0000U, 0x8000'0000U, 0xbfff'ffffU, 0xc000'0000U, ~0U}) {
        EXPECT_EQ(get(FwftFeature{id}), sbi_failure(SbiError::denied)) << std::hex << id;
        EXPECT_EQ(set(FwftFeature{id}, 2, 2), sbi_failure(SbiError::denied)) << std::hex << id;
    }
}

TEST_F(SbiFwft, DoesNotSupportWhatTheHartOrTheFirmwareLacks) {
    harts[0].firmware_features = {};
    for (const auto feature : every) {
        EXPECT_EQ(get(feature), sbi_failure(SbiError::not_supported));
        EXPECT_EQ(set(feature, 0), sbi_failure(SbiError::not_supported));
    }
    harts[0].firmware_features = {henvcfg::features, true, false, 0};
    EXPECT_EQ(get(double_trap), sbi_failure(SbiError::not_supported));
    EXPECT_EQ(set(double_trap, 1), sbi_failure(SbiError::not_supported));
}

TEST_F(SbiFwft, LocksOneFeatureOfOneHart) {
    EXPECT_EQ(set(pte_ad_hw_updating, 1, lock), sbi_success);
    for (const std::uint64_t again : {0U, 1U}) {
        EXPECT_EQ(set(pte_ad_hw_updating, again), sbi_failure(SbiError::denied_locked));
        EXPECT_EQ(set(pte_ad_hw_updating, again, lock), sbi_failure(SbiError::denied_locked));
    }
    EXPECT_EQ(get(pte_ad_hw_updating), value(1));
    EXPECT_EQ(set(landing_pad, 1), sbi_success);
    harts[1].firmware_features = harts[0].firmware_features;
    harts[1].firmware_features.locked = 0;
    EXPECT_EQ(sbi_fwft(harts[1], port, FwftFunction::set, 4, 0, 0), sbi_success);
}

TEST_F(SbiFwft, LocksNothingThatItDidNotSet) {
    EXPECT_EQ(set(pte_ad_hw_updating, 2, lock), sbi_failure(SbiError::invalid_param));
    EXPECT_EQ(set(pte_ad_hw_updating, 1), sbi_success);
}

TEST_F(SbiFwft, IsResetWhenAHartStarts) {
    EXPECT_EQ(set(misaligned_exc_deleg, 1, lock), sbi_success);
    EXPECT_EQ(set(pte_ad_hw_updating, 1, lock), sbi_success);
    EXPECT_EQ(set(pointer_masking_pmlen, 7), sbi_success);
    EXPECT_EQ(harts[0].has_settings, 1U);
    fwft::reset(harts[0], port);
    EXPECT_EQ(port.environment, sstc);
    EXPECT_THAT(port.delegated, ElementsAre(true, false));
    for (const auto feature : {misaligned_exc_deleg, pte_ad_hw_updating, pointer_masking_pmlen}) {
        EXPECT_EQ(get(feature), value(0));
    }
    EXPECT_EQ(set(pte_ad_hw_updating, 1), sbi_success);
    EXPECT_EQ(harts[0].has_settings, 1U);
    fwft::reset(harts[0], port);
    EXPECT_EQ(port.delegated.size(), 2U);  // the firmware is not asked for what it has
}

TEST_F(SbiFwft, IsKeptOverANonRetentiveSuspend) {
    EXPECT_EQ(set(pte_ad_hw_updating, 1), sbi_success);
    EXPECT_THROW(call(SbiExtension::hsm, HsmFunction::hart_suspend, 0x8000'0000, 0x8000'0100), Resumed);
    EXPECT_EQ(get(pte_ad_hw_updating), value(1));
}

TEST_F(SbiFwft, LooksAtTheLower32BitsOfTheFeature) {
    EXPECT_EQ(call(SbiExtension::fwft, FwftFunction::set, 0x1'0000'0004, 1), sbi_success);
    EXPECT_EQ(port.environment, sstc | henvcfg::adue);
}

TEST_F(SbiFwft, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::fwft, 2, 4, 1), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
