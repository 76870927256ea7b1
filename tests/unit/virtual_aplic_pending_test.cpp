// SPDX-License-Identifier: Apache-2.0
// When pending bits are set, cleared and forwarded: rule by rule of AIA 4.7 and 4.9.
#include "vm/virtual_aplic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "virtual_aplic_fixture.hpp"

namespace mullion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- pending bits, 4.5.5 to 4.5.8 and 4.7 ----------------------------------------------------------------------------

TEST_F(VirtualAplicTest, ADetachedSourceIgnoresItsWire) {
    write_source(R::sourcecfg, uart, detached);
    domain.set_line(uart, true);
    EXPECT_FALSE(pending(uart));
    EXPECT_EQ(read_word(R::in_clrip, 0), 0U);
}

TEST_F(VirtualAplicTest, ADetachedSourceIsSetAndClearedByWrites) {
    write_source(R::sourcecfg, uart, detached);
    write_word(R::setip, 0, bit_of(uart));
    EXPECT_TRUE(pending(uart));
    write_word(R::in_clrip, 0, bit_of(uart));
    EXPECT_FALSE(pending(uart));
    write(R::setipnum, uart);
    EXPECT_TRUE(pending(uart));
    write(R::clripnum, uart);
    EXPECT_FALSE(pending(uart));
}

TEST_F(VirtualAplicTest, Edge1IsSetByARisingWireOnly) {
    write_source(R::sourcecfg, uart, edge1);
    domain.set_line(uart, true);
    EXPECT_TRUE(pending(uart));
    write(R::clripnum, uart);
    domain.set_line(uart, true);
    domain.set_line(uart, false);
    EXPECT_FALSE(pending(uart));
}

TEST_F(VirtualAplicTest, Edge0IsSetByAFallingWireOnly) {
    domain.set_line(uart, true);
    write_source(R::sourcecfg, uart, edge0);
    EXPECT_FALSE(pending(uart));
    domain.set_line(uart, false);
    EXPECT_TRUE(pending(uart));
    write(R::clripnum, uart);
    domain.set_line(uart, true);
    EXPECT_FALSE(pending(uart));
}

TEST_F(VirtualAplicTest, AnEdgeStaysPendingWhenTheWireReturns) {
    write_source(R::sourcecfg, uart, edge1);
    domain.set_line(uart, true);
    domain.set_line(uart, false);
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualAplicTest, AnEdgeSourceIsSetByWritesWhateverItsInput) {
    write_source(R::sourcecfg, uart, edge1);
    write(R::setipnum_le, uart);
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualAplicTest, ALevelSourceIsPendingFromRiseToFallOfItsInput) {
    for (const bool inverted : {false, true}) {
        domain.set_line(uart, inverted);
        write_source(R::sourcecfg, uart, inverted ? level0 : level1);
        EXPECT_FALSE(pending(uart));
        domain.set_line(uart, !inverted);
        EXPECT_TRUE(pending(uart));
        domain.set_line(uart, inverted);
        EXPECT_FALSE(pending(uart));
    }
}

TEST_F(VirtualAplicTest, ALevelSourceIsSetByWritesOnlyWhileItsInputIsHigh) {
    write_source(R::sourcecfg, uart, level1);
    for (const auto reg : {R::setipnum, R::setipnum_le}) {
        write(reg, uart);
        EXPECT_FALSE(pending(uart));
    }
    write_word(R::setip, 0, bit_of(uart));
    EXPECT_FALSE(pending(uart));

    domain.set_line(uart, true);
    for (const auto reg : {R::setipnum, R::setipnum_le}) {
        write(R::clripnum, uart);
        EXPECT_FALSE(pending(uart));
        write(reg, uart);
        EXPECT_TRUE(pending(uart));
    }
    write_word(R::in_clrip, 0, bit_of(uart));
    EXPECT_FALSE(pending(uart));
    write_word(R::setip, 0, bit_of(uart));
    EXPECT_TRUE(pending(uart));
}

TEST_F(VirtualAplicTest, InClripReadsTheRectifiedInputs) {
    write_source(R::sourcecfg, uart, level0);
    write_source(R::sourcecfg, rtc, edge1);
    write_source(R::sourcecfg, far, level1);
    EXPECT_EQ(read_word(R::in_clrip, 0), bit_of(uart));
    domain.set_line(uart, true);
    port.drive(rtc, true);
    port.drive(far, true);
    EXPECT_EQ(read_word(R::in_clrip, 0), bit_of(rtc));
    EXPECT_EQ(read_word(R::in_clrip, 1), bit_of(far));
}

TEST_F(VirtualAplicTest, SetipnumBeIsNotImplemented) {
    write_source(R::sourcecfg, uart, edge1);
    write(R::setipnum_be, uart);
    write(R::setipnum_be, uart << 24);
    EXPECT_FALSE(pending(uart));
    EXPECT_EQ(read(R::setipnum_be), 0U);
}

TEST_F(VirtualAplicTest, RegistersForWritingReadZero) {
    ready(uart, level1);
    domain.set_line(uart, true);
    for (const auto reg : {R::setipnum, R::clripnum, R::setienum, R::clrienum, R::clrie, R::setipnum_le}) {
        EXPECT_EQ(read(reg), 0U) << static_cast<std::uint32_t>(reg);
    }
}

// --- forwarding by MSI, 4.9 and 4.9.2 --------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, ForwardingClearsThePendingBit) {
    ready(uart, level1);
    domain.set_line(uart, true);
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
    EXPECT_FALSE(pending(uart));
}

TEST_F(VirtualAplicTest, ALevelThatStaysHighIsForwardedOnce) {
    ready(uart, level1);
    domain.set_line(uart, true);
    port.take_history();
    domain.set_line(uart, true);
    EXPECT_THAT(port.take_history(), IsEmpty());
}

TEST_F(VirtualAplicTest, ALevelThatIsStillHighAtItsEndIsForwardedAgain) {
    ready(uart, level1);
    domain.set_line(uart, true);
    port.take_history();
    write(R::setipnum_le, uart);
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
    domain.set_line(uart, false);
    write(R::setipnum_le, uart);
    EXPECT_THAT(port.take_history(), IsEmpty());
}

TEST_F(VirtualAplicTest, ALevelThatFallsAndRisesIsForwardedAgain) {
    ready(uart, level1);
    domain.set_line(uart, true);
    domain.set_line(uart, false);
    domain.set_line(uart, true);
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17", "msi hart 1 id 17"));
}

TEST_F(VirtualAplicTest, SetipForwardsEachOfItsSources) {
    ready(uart, detached);
    write_word(R::setip, 0, 0xffff'ffff);
    EXPECT_THAT(port.take_history(), ElementsAre("msi hart 1 id 17"));
}

}  // namespace
}  // namespace mullion::test
