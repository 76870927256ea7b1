// SPDX-License-Identifier: Apache-2.0
// What reaches the machine: granted sources, reset, and the limits of a guest.
#include "vm/virtual_aplic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include "virtual_aplic_fixture.hpp"

namespace mullion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- granted sources -------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, AGrantedSourceIsAimedWhileMaskedAndThenEnabled) {
    write_source(R::sourcecfg, rtc, level1);
    EXPECT_THAT(port.take_history(), ElementsAre("mode 11 6", "target 11 hart 0 id 0"));
    write_source(R::target, rtc, to(1, 17));
    EXPECT_THAT(port.take_history(), ElementsAre("target 11 hart 1 id 17"));
    write(R::setienum, rtc);
    EXPECT_THAT(port.take_history(), ElementsAre("disable 11")) << "domaincfg.IE is off";
    write(R::domaincfg, on);
    EXPECT_THAT(port.take_history(), ElementsAre("enable 11"));
    write(R::domaincfg, 0);
    EXPECT_THAT(port.take_history(), ElementsAre("disable 11"));
    EXPECT_TRUE(enabled(rtc)) << "as the guest sees it";
}

TEST_F(VirtualAplicTest, AGrantedSourceIsForwardedByTheMachine) {
    ready(rtc, level1);
    port.drive(rtc, true);
    ASSERT_EQ(port.forwarded.size(), 1U);
    EXPECT_EQ(port.forwarded[0].hart, 1U);
    EXPECT_EQ(port.forwarded[0].eiid, 17U);
    EXPECT_THAT(port.take_history(), IsEmpty()) << "without any doing of ours";
}

TEST_F(VirtualAplicTest, TheEndOfAGrantedLevelInterruptIsOneWrite) {
    ready(rtc, level1);
    write(R::setipnum_le, rtc);
    EXPECT_THAT(port.take_history(), ElementsAre("set 11"));
}

TEST_F(VirtualAplicTest, PendingBitsOfGrantedSourcesAreTheMachines) {
    ready(far, edge1);
    write(R::clrienum, far);
    port.drive(far, true);
    EXPECT_TRUE(pending(far));
    write_word(R::in_clrip, 1, bit_of(far));
    EXPECT_FALSE(pending(far));
    write_word(R::setip, 1, bit_of(far));
    EXPECT_TRUE(pending(far));
    write(R::clripnum, far);
    EXPECT_FALSE(pending(far));
}

TEST_F(VirtualAplicTest, AGrantedSourceIsMaskedBeforeItBecomesInactive) {
    ready(rtc, level1);
    write_source(R::sourcecfg, rtc, 0);
    EXPECT_THAT(port.take_history(), ElementsAre("disable 11", "mode 11 0"));
}

TEST_F(VirtualAplicTest, AGrantedSourceThatIsActiveAlreadyKeepsItsTargetUnderANewMode) {
    ready(rtc, level1);
    write_source(R::sourcecfg, rtc, edge1);
    EXPECT_THAT(port.take_history(), ElementsAre("mode 11 4"));
}

TEST_F(VirtualAplicTest, AGrantedSourceIsAimedAtNoIdentityThatTheFilesDoNotHave) {
    ready(rtc, edge1);
    write_source(R::target, rtc, to(7, num_ids + 1));
    EXPECT_EQ(read_source(R::target, rtc), to(0, num_ids + 1));
    EXPECT_THAT(port.take_history(), ElementsAre("target 11 hart 0 id 0"));
}

// --- reset -----------------------------------------------------------------------------------------------------------

TEST_F(VirtualAplicTest, ResetSilencesEveryGrantedSource) {
    ready(rtc, level1);
    domain.reset();
    EXPECT_THAT(port.take_history(), ElementsAre("disable 11", "mode 11 0", "disable 40", "mode 40 0"));
    port.drive(rtc, true);
    EXPECT_THAT(port.forwarded, IsEmpty());
}

TEST_F(VirtualAplicTest, ResetClearsEveryRegister) {
    ready(uart, edge1);
    ready(rtc, edge1);
    write(R::clrienum, uart);
    domain.set_line(uart, true);
    write(R::genmsi, to(1, 5));
    domain.reset();
    for (std::uint32_t offset = 4; offset < idc::structures; offset += 4) {
        ASSERT_EQ(domain.read(offset).value(), 0U) << offset;
    }
    EXPECT_EQ(read(R::domaincfg), 0x8000'0004U);
}

TEST_F(VirtualAplicTest, ResetKeepsTheLevelOfAWire) {
    domain.set_line(uart, true);
    domain.reset();
    write_source(R::sourcecfg, uart, level1);
    EXPECT_TRUE(pending(uart));
}

// --- isolation ------------------------------------------------------------------------------------------------------

/// Fails the test at the first call that leaves the guest, or that enables a source before it is aimed.
class StrictPort {
 public:
    void send_msi(std::uint32_t hart, std::uint32_t eiid) {
        ASSERT_LT(hart, harts);
        ASSERT_GE(eiid, 1U);
        ASSERT_LE(eiid, num_ids);
        ++sent;
    }
    void physical_source_mode(std::uint32_t source, SourceMode mode) {
        expect_granted(source);
        if (mode == SourceMode::inactive) {
            ASSERT_FALSE(state(source).enabled) << "must be masked first";
        }
        state(source).aimed = state(source).aimed && state(source).active && mode != SourceMode::inactive;
        state(source).active = mode != SourceMode::inactive;
    }
    void physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t eiid) {
        expect_granted(source);
        ASSERT_TRUE(state(source).active);
        ASSERT_LT(hart, harts);
        ASSERT_LE(eiid, num_ids);
        state(source).aimed = true;
    }
    void physical_enable(std::uint32_t source, bool on) {
        expect_granted(source);
        ASSERT_TRUE(!on || (state(source).active && state(source).aimed));
        state(source).enabled = on;
        enabled += on ? 1 : 0;
    }
    void physical_set_pending(std::uint32_t source) { expect_granted(source); }
    void physical_clear_pending(std::uint32_t source) { expect_granted(source); }
    bool physical_pending(std::uint32_t source) {
        expect_granted(source);
        return true;
    }
    bool physical_input(std::uint32_t source) { return physical_pending(source); }

    int sent = 0;
    int enabled = 0;

 private:
    static constexpr std::uint32_t harts = 2;
    struct State {
        bool active = false;
        bool aimed = false;
        bool enabled = false;
    };

    static void expect_granted(std::uint32_t source) { ASSERT_TRUE(source == rtc || source == far) << source; }
    State& state(std::uint32_t source) { return states_[source == rtc ? 0 : 1]; }

    std::array<State, 2> states_;
};

/// Makes random accesses: mostly with offsets and values that mean something, mixed with any others.
class Traffic {
 public:
    std::uint32_t offset() {
        constexpr std::array regs{0x0U,    0x1c00U, 0x1c04U, 0x1cdcU, 0x1d00U, 0x1ddcU, 0x1e00U,
                                  0x1e04U, 0x1edcU, 0x1f00U, 0x1fdcU, 0x2000U, 0x3000U};
        switch (pick(4)) {
            case 0:
                return pick(0x5000) & ~3U;
            case 1:
                return aplic_offset_of_source(AplicRegister::sourcecfg, source());
            case 2:
                return aplic_offset_of_source(AplicRegister::target, source());
            default:
                return regs[pick(regs.size())];
        }
    }
    std::uint32_t value() {
        switch (pick(5)) {
            case 0:
                return static_cast<std::uint32_t>(random_());
            case 1:
                return source();
            case 2:
                return to(pick(4), pick(2 * num_ids));
            case 3:
                return on | pick(8);  // domaincfg.IE, or a source mode
            default:
                return ~std::uint32_t{0} << pick(32);
        }
    }
    std::uint32_t source() { return std::array{uart, rtc, far, absent}[pick(4)]; }
    bool coin() { return pick(2) == 0; }

 private:
    std::uint32_t pick(std::size_t count) { return static_cast<std::uint32_t>(random_() % count); }

    std::mt19937 random_{20260101};
};

TEST(VirtualAplicIsolation, NoTrafficReachesBeyondTheGuest) {
    const std::array<std::uint32_t, 2> harts{3, 1};
    const std::array<Source, 2> sources{{{rtc}, {far}}};
    StrictPort port;
    VirtualAplic<StrictPort> domain{guest_with_aplic(harts, sources), num_ids, port};
    domain.reset();
    Traffic traffic;
    for (int step = 0; step < 200'000; ++step) {
        const auto offset = traffic.offset();
        const auto value = traffic.value();
        domain.write(offset, value);
        domain.set_line(uart, traffic.coin());
        domain.read(traffic.offset());
        if (step % 10'000 == 0) {
            domain.reset();
        }
        ASSERT_FALSE(HasFailure()) << "step " << step << std::hex << ", offset " << offset << ", value " << value;
    }
    EXPECT_GT(port.sent, 1000) << "the traffic must mean something";
    EXPECT_GT(port.enabled, 100) << "the traffic must mean something";
}

}  // namespace
}  // namespace mullion::test
