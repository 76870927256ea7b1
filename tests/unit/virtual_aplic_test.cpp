// SPDX-License-Identifier: Apache-2.0
// The registers of a leaf domain in MSI delivery mode, rule by rule of AIA 4.5.
#include "vm/virtual_aplic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "virtual_aplic_fixture.hpp"

namespace mullion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- domaincfg, 4.5.1 ------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, DomaincfgReadsMsiModeLittleEndianAndOffAtFirst) {
    EXPECT_EQ(read(R::domaincfg), 0x8000'0004U);
}

TEST_F(VirtualAplicTest, DomaincfgHasOnlyIeWritable) {
    write(R::domaincfg, 0xffff'ffff);
    EXPECT_EQ(read(R::domaincfg), 0x8000'0104U);
    write(R::domaincfg, ~on);
    EXPECT_EQ(read(R::domaincfg), 0x8000'0004U);
}

TEST_F(VirtualAplicTest, DomaincfgIeGatesForwarding) {
    ready(uart, edge1);
    write(R::domaincfg, 0);
    domain.set_line(uart, true);
    EXPECT_TRUE(pending(uart));
    EXPECT_THAT(port.take_history(), IsEmpty());
    write(R::domaincfg, on);
    EXPECT_FALSE(pending(uart));
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
}

// --- sourcecfg, 4.5.2 ------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, SourcecfgHoldsEveryDefinedMode) {
    for (const auto source : {uart, rtc, far}) {
        for (const auto mode : {detached, edge1, edge0, level1, level0, 0U}) {
            write_source(R::sourcecfg, source, mode);
            EXPECT_EQ(read_source(R::sourcecfg, source), mode);
        }
    }
}

TEST_F(VirtualAplicTest, SourcecfgBecomesZeroByDelegationAndByReservedModes) {
    for (const auto value : {1U << 10 | edge1, 2U, 3U}) {
        write_source(R::sourcecfg, uart, level1);
        write_source(R::sourcecfg, uart, value);
        EXPECT_EQ(read_source(R::sourcecfg, uart), 0U) << value;
    }
}

TEST_F(VirtualAplicTest, AnInactiveSourceHasZeroBitsAndTarget) {
    for (const auto source : {uart, rtc}) {
        write_source(R::target, source, to(1, 17));
        write(R::setienum, source);
        write(R::setipnum, source);
        write_word(R::setie, 0, bit_of(source));
        write_word(R::setip, 0, bit_of(source));
        EXPECT_EQ(read_source(R::target, source), 0U);
        EXPECT_FALSE(enabled(source));
        EXPECT_FALSE(pending(source));
    }
    EXPECT_THAT(port.take_history(), IsEmpty());
}

TEST_F(VirtualAplicTest, BecomingInactiveClearsBitsAndTarget) {
    for (const auto source : {uart, rtc}) {
        write_source(R::sourcecfg, source, edge1);
        write_source(R::target, source, to(1, 17));
        write(R::setienum, source);
        write(R::setipnum, source);
        EXPECT_TRUE(pending(source));
        write_source(R::sourcecfg, source, 0);
        EXPECT_EQ(read_source(R::target, source), 0U);
        EXPECT_FALSE(enabled(source));
        EXPECT_FALSE(pending(source));
    }
}

TEST_F(VirtualAplicTest, BecomingActiveLeavesBitsAndTargetZero) {
    ready(uart, edge1);
    write_source(R::sourcecfg, uart, 0);
    write_source(R::sourcecfg, uart, edge1);
    EXPECT_FALSE(enabled(uart));
    EXPECT_FALSE(pending(uart));
    EXPECT_EQ(read_source(R::target, uart), 0U);
}

TEST_F(VirtualAplicTest, ChangingTheActiveModeKeepsBitsAndTarget) {
    write_source(R::sourcecfg, uart, edge1);
    write_source(R::target, uart, to(1, 17));
    write(R::setienum, uart);
    write(R::setipnum, uart);
    write_source(R::sourcecfg, uart, detached);
    EXPECT_TRUE(enabled(uart));
    EXPECT_TRUE(pending(uart));
    EXPECT_EQ(read_source(R::target, uart), to(1, 17));
}

TEST_F(VirtualAplicTest, ALevelModeFindsAnInputThatIsHighAlready) {
    domain.set_line(uart, true);
    write_source(R::sourcecfg, uart, level1);
    EXPECT_TRUE(pending(uart));
    write_source(R::sourcecfg, uart, level0);
    EXPECT_FALSE(pending(uart)) << "low under the new mode";
}

TEST_F(VirtualAplicTest, ALevelModeChosenWhileEnabledForwardsAHighInput) {
    ready(uart, edge1);
    write_source(R::sourcecfg, uart, level0);
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
}

TEST_F(VirtualAplicTest, AnEdgeModeDoesNotTakeALevelForAnEdge) {
    domain.set_line(uart, true);
    write_source(R::sourcecfg, uart, edge1);
    EXPECT_FALSE(pending(uart));
}

// --- sources that are not implemented, 4.5.2 -------------------------------------------------------------------------

TEST_F(VirtualAplicTest, AnUnimplementedSourceReadsZeroAndIgnoresWrites) {
    for (const std::uint32_t source : {absent, 96U, 127U, 128U, 1023U}) {
        for (const auto array : {R::sourcecfg, R::target}) {
            write_source(array, source, 0xffff'fbff);
            EXPECT_EQ(read_source(array, source), 0U) << source;
        }
        for (const auto array : {R::setip, R::setie}) {
            write_word(array, source / 32, bit_of(source));
            EXPECT_EQ(read_word(array, source / 32), 0U) << source;
        }
        for (const auto number : {R::setipnum, R::setipnum_le, R::setienum, R::clripnum, R::clrienum}) {
            write(number, source);
        }
        EXPECT_EQ(read_word(R::in_clrip, source / 32), 0U) << source;
    }
    write(R::domaincfg, on);
    EXPECT_THAT(port.take_history(), IsEmpty());
}

TEST_F(VirtualAplicTest, NumbersThatAreNoSourceAreIgnored) {
    ready(uart, edge1);
    ready(rtc, edge1);
    for (const std::uint32_t number : {0U, 1024U + uart, 0x1'0000U + rtc, 0x8000'000bU, 0xffff'ffffU}) {
        for (const auto reg : {R::setipnum, R::setipnum_le, R::clripnum, R::setienum, R::clrienum}) {
            write(reg, number);
        }
    }
    EXPECT_THAT(port.take_history(), IsEmpty());
    EXPECT_EQ(read_word(R::setie, 0), bit_of(uart) | bit_of(rtc));
}

TEST_F(VirtualAplicTest, ReservedOffsetsReadZeroAndIgnoreWrites) {
    for (const std::uint32_t offset :
         {0x1bc0U, 0x1bc4U, 0x1bc8U, 0x1bccU, 0x1c80U, 0x1ce0U, 0x2008U, 0x4000U, 0x401cU}) {
        domain.write(offset, 0xffff'ffff);
        EXPECT_EQ(domain.read(offset).value(), 0U) << offset;
    }
    EXPECT_THAT(port.take_history(), IsEmpty());
}

// --- enable bits, 4.5.9 to 4.5.12 ------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, EnableBitsAreSetAndClearedByWordAndByNumber) {
    for (const auto source : {uart, rtc, far}) {
        write_source(R::sourcecfg, source, edge1);
        write_word(R::setie, source / 32, bit_of(source));
        EXPECT_TRUE(enabled(source));
        write_word(R::clrie, source / 32, bit_of(source));
        EXPECT_FALSE(enabled(source));
        write(R::setienum, source);
        EXPECT_TRUE(enabled(source));
        write(R::clrienum, source);
        EXPECT_FALSE(enabled(source));
    }
}

TEST_F(VirtualAplicTest, AWordWriteChangesOnlyTheBitsThatAreOne) {
    ready(uart, edge1);
    ready(rtc, edge1);
    write_word(R::setie, 0, 0);
    write_word(R::clrie, 0, bit_of(rtc));
    EXPECT_EQ(read_word(R::setie, 0), bit_of(uart));
}

TEST_F(VirtualAplicTest, EnablingForwardsWhatIsPending) {
    ready(uart, edge1);
    write(R::clrienum, uart);
    domain.set_line(uart, true);
    EXPECT_THAT(port.take_history(), IsEmpty());
    write_word(R::setie, 0, bit_of(uart));
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
}

// --- target, 4.5.16 --------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, TargetHoldsHartAndIdentity) {
    for (const auto source : {uart, rtc}) {
        write_source(R::sourcecfg, source, edge1);
        write_source(R::target, source, to(1, 63));
        EXPECT_EQ(read_source(R::target, source), to(1, 63));
    }
}

TEST_F(VirtualAplicTest, TargetHasNoGuestIndexAndNoReservedBit) {
    write_source(R::sourcecfg, uart, edge1);
    write_source(R::target, uart, 0x3'f800U | to(1, 17));
    EXPECT_EQ(read_source(R::target, uart), to(1, 17));
}

TEST_F(VirtualAplicTest, TargetTakesHartZeroForAHartThatTheGuestDoesNotHave) {
    for (const auto hart : {2U, 3U, 0x3fffU}) {
        ready(uart, edge1);
        write_source(R::target, uart, to(hart, 17));
        EXPECT_EQ(read_source(R::target, uart), to(0, 17));
        write(R::setipnum, uart);
        EXPECT_THAT(port.take_history(), ElementsAre("msi hart 0 id 17"));
    }
}

TEST_F(VirtualAplicTest, AnIdentityThatTheFilesDoNotHaveIsHeldAndNotSent) {
    for (const auto eiid : {0U, num_ids + 1, 0x7ffU}) {
        ready(uart, edge1);
        write_source(R::target, uart, to(1, eiid));
        EXPECT_EQ(read_source(R::target, uart), to(1, eiid));
        write(R::setipnum, uart);
        EXPECT_FALSE(pending(uart)) << "forwarded, into nothing";
        EXPECT_THAT(port.take_history(), IsEmpty());
    }
}

// --- genmsi, 4.5.15 --------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, GenmsiSendsAtOnceEvenWithIeOff) {
    write(R::genmsi, to(1, 5));
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 5"));
    EXPECT_EQ(read(R::genmsi), to(1, 5)) << "and is not busy";
}

TEST_F(VirtualAplicTest, GenmsiTakesWhatTargetTakes) {
    write(R::genmsi, to(2, 5) | 1U << 12);
    EXPECT_EQ(read(R::genmsi), to(0, 5));
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 0 id 5"));
    write(R::genmsi, to(1, 0));
    write(R::genmsi, to(1, num_ids + 1));
    EXPECT_THAT(port.take_history(), IsEmpty());
}

}  // namespace
}  // namespace mullion::test
