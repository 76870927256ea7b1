// SPDX-License-Identifier: Apache-2.0
#include "core/isa.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mullion {
namespace {

using enum Extension;

constexpr Features none{};

TEST(Extensions, AreNamedAsInTheirEnumeration) {
    EXPECT_EQ(find_extension("sstc"), sstc);
    EXPECT_EQ(find_extension("svpbmt"), svpbmt);
    EXPECT_EQ(find_extension("zicboz"), zicboz);
    EXPECT_EQ(find_extension("smstateen"), smstateen);
    EXPECT_EQ(find_extension("h"), h);
    EXPECT_EQ(find_extension("v"), v);
    EXPECT_EQ(find_extension("ssccfg"), ssccfg);
    EXPECT_EQ(find_extension("zkr"), zkr);
}

TEST(Extensions, AreListedOnce) {
    std::set<std::string_view> names;
    for (const auto& extension : extensions) {
        EXPECT_FALSE(extension.name.empty());
        EXPECT_TRUE(names.insert(extension.name).second) << extension.name;
    }
}

TEST(Extensions, WithoutARuleAreNotFound) {
    EXPECT_FALSE(find_extension("zba"));
    EXPECT_FALSE(find_extension(""));
    EXPECT_FALSE(find_extension("sst"));
}

TEST(Extensions, FitTheBitsOfFeatures) {
    static_assert(static_cast<unsigned>(Extension::count) <= 64);
    EXPECT_TRUE(none.with(zkr).has(zkr));
    EXPECT_FALSE(none.with(zkr).has(sstc));
    EXPECT_EQ(none.with(sstc).with(sstc), none.with(sstc));
}

TEST(GuestMayHave, WhatNeedsNoControl) {
    EXPECT_TRUE(guest_may_have("zba"));
    EXPECT_TRUE(guest_may_have("zicntr"));
    EXPECT_TRUE(guest_may_have("svinval"));
    EXPECT_TRUE(guest_may_have("sstc"));
}

TEST(GuestMayHave, NoMachineOrHypervisorLevelExtension) {
    for (const auto* name : {"h", "smaia", "smstateen", "smepmp", "sha", "shvstvecd", "shcounterenw"}) {
        EXPECT_FALSE(guest_may_have(name)) << name;
    }
}

TEST(GuestMayHave, WhatItSwitchesOnItself) {
    for (const auto* name : {"svadu", "svade", "zicfilp", "ssnpm", "sspm", "supm"}) {
        EXPECT_TRUE(guest_may_have(name)) << name;
    }
}

TEST(GuestMayHave, NothingThatOnlyFirmwareOrMullionCouldServe) {
    for (const auto* name : {"ssdbltrp", "zicfiss", "ssctr", "ssccfg", "ssqosid", "sdtrig", "zkr", "zk", "zcmt"}) {
        EXPECT_FALSE(guest_may_have(name)) << name;
    }
}

// Privileged manual, "Hypervisor Environment Configuration Register": STCE 63, PBMTE 62, ADUE 61, CBZE 7, CBCFE 6,
// CBIE 5:4, where 01 turns cbo.inval into a flush.
TEST(Henvcfg, OpensWhatIsDeclared) {
    EXPECT_EQ(henvcfg_of(none), 0u);
    EXPECT_EQ(henvcfg_of(none.with(sstc)), 0x8000'0000'0000'0000u);
    EXPECT_EQ(henvcfg_of(none.with(svpbmt)), 0x4000'0000'0000'0000u);
    EXPECT_EQ(henvcfg_of(none.with(svadu)), 0x2000'0000'0000'0000u);
    EXPECT_EQ(henvcfg_of(none.with(svadu).with(svade)), 0x2000'0000'0000'0000u);
    EXPECT_EQ(henvcfg_of(none.with(zicfilp)), 0x4u);
    EXPECT_EQ(henvcfg_of(none.with(ssnpm)), 0x3'0000'0000u);
    EXPECT_EQ(henvcfg_of(none.with(zicbom)), 0x50u);
    EXPECT_EQ(henvcfg_of(none.with(zicboz)), 0x80u);
    EXPECT_EQ(henvcfg_of(none.with(v).with(h).with(ssaia)), 0u);
}

// LPE 2, SSE 3, PMM 33:32, ADUE 61.
TEST(Henvcfg, LeavesToTheGuestWhatFirmwareFeaturesStandFor) {
    EXPECT_EQ(henvcfg::features, 0x2000'0003'0000'000cu);
    EXPECT_EQ(henvcfg_of(none.with(svadu).with(zicfilp).with(ssnpm)) & ~henvcfg::features, 0u);
}

TEST(Vectors, AreThereWithAPartOfV) {
    EXPECT_FALSE(has_vectors(none.with(d)));
    EXPECT_TRUE(has_vectors(none.with(v)));
    EXPECT_TRUE(has_vectors(none.with(zve32x)));
}

// A tree may name either of Smstateen and Ssstateen.
TEST(Hstateen0, IsThereWithOneOfItsExtensions) {
    EXPECT_FALSE(has_state_enables(none));
    EXPECT_TRUE(has_state_enables(none.with(smstateen)));
    EXPECT_TRUE(has_state_enables(none.with(ssstateen)));
}

// Privileged manual, "State Enable Extensions": SE0 63, ENVCFG 62, CSRIND 60, AIA 59, IMSIC 58; zero closes the rest.
TEST(Hstateen0, OpensWhatIsDeclared) {
    EXPECT_EQ(hstateen0_of(none), 0u);
    EXPECT_EQ(hstateen0_of(none.with(ssaia)), 0x1c00'0000'0000'0000u);
    EXPECT_EQ(hstateen0_of(none.with(smstateen)), 0x4000'0000'0000'0000u);
    EXPECT_EQ(hstateen0_of(none.with(ssstateen)), 0xc000'0000'0000'0000u);
    EXPECT_EQ(hstateen0_of(none.with(sscsrind)), 0x1000'0000'0000'0000u);
    EXPECT_EQ(hstateen0_of(none.with(zicboz)), 0x4000'0000'0000'0000u);
    EXPECT_EQ(hstateen0_of(none.with(sstc).with(v).with(h)), 0u);
}

}  // namespace
}  // namespace mullion
