// SPDX-License-Identifier: Apache-2.0
#include "rooms/pmu_own.hpp"

#include <gtest/gtest.h>

#include "pmu_fixture.hpp"

namespace mullion {
namespace {

using namespace pmu_config;

struct PmuOwn : PmuGuest {
    /// Returns how much `act` adds to each of the firmware events 0 to 21 of hart 0; for an event that is not counted,
    /// nothing.
    std::map<std::uint64_t, std::uint64_t> added(auto act) {
        std::map<std::uint64_t, std::uint64_t> before;
        for (std::uint64_t code = 0; code < 22; ++code) {
            const PmuEvent event{0xf0000 + code};
            if (counts_event(event)) {
                before[code] = occurrences(harts[0], event);
            }
        }
        act();
        std::map<std::uint64_t, std::uint64_t> result;
        for (const auto& [code, count] : before) {
            if (const auto more = occurrences(harts[0], {0xf0000 + code}) - count; more != 0) {
                result[code] = more;
            }
        }
        return result;
    }
    /// Makes a call as hart `from`.
    void call_from(std::uint32_t from, SbiExtension extension, std::uint64_t function, std::uint64_t mask) {
        (void)fake_sbi_call(harts[from], port,
                            {.a0 = mask, .function = function, .extension = static_cast<std::uint64_t>(extension)});
    }
};

using Counts = std::map<std::uint64_t, std::uint64_t>;

TEST_F(PmuOwn, TimersAreCounted) {
    EXPECT_EQ(added([&] { call_from(0, SbiExtension::time, 0, 5); }), (Counts{{5, 1}}));
}

TEST_F(PmuOwn, MessagesAreCountedOnBothHarts) {
    port.on_relax = [&] {
        for (auto& target : harts) {  // as if it had fenced
            target.fence_i.done = target.fence_i.requested.load();
            target.sfence.done = target.sfence.requested.load();
        }
    };
    for (const auto& [extension, function, sent] : {std::tuple{SbiExtension::ipi, 0UL, 6UL},
                                                    {SbiExtension::rfence, 0UL, 8UL},
                                                    {SbiExtension::rfence, 1UL, 10UL},
                                                    {SbiExtension::rfence, 2UL, 12UL}}) {
        EXPECT_EQ(added([&] { call_from(0, extension, function, 0b11); }), (Counts{{sent, 1}}));
        EXPECT_EQ(added([&] { call_from(1, extension, function, 0b11); }), (Counts{{sent + 1, 1}}));
    }
}

TEST_F(PmuOwn, WhatAHartSendsItselfIsNoMessage) {
    EXPECT_EQ(added([&] {
                  call_from(0, SbiExtension::ipi, 0, 1);
                  call_from(0, SbiExtension::rfence, 0, 1);
                  call_from(0, SbiExtension::rfence, 1, 1);
              }),
              Counts{});
}

TEST_F(PmuOwn, StoppedHartsAndRefusedCallsCountNothing) {
    set(1, HsmState::stopped);
    EXPECT_EQ(added([&] {
                  call_from(0, SbiExtension::ipi, 0, 0b10);
                  call_from(0, SbiExtension::ipi, 0, 0b11000);
                  call_from(0, SbiExtension::rfence, 1, 0b10);
                  call_from(0, SbiExtension::rfence, 1, 0b11000);
              }),
              Counts{});
}

TEST_F(PmuOwn, CountsOnlyWhileStarted) {
    send_ipi();
    EXPECT_EQ(configure(0b10, ipi_sent), counter(1));
    send_ipi();
    EXPECT_EQ(read(1), 0U);
    EXPECT_EQ(start(0b10), sbi_success);
    send_ipi();
    send_ipi();
    EXPECT_EQ(read(1), 2U);
    EXPECT_EQ(stop(0b10), sbi_success);
    send_ipi();
    EXPECT_EQ(read(1), 2U);
    EXPECT_EQ(start(0b10), sbi_success);
    send_ipi();
    EXPECT_EQ(read(1), 3U);
    EXPECT_EQ(stop(0b10), sbi_success);
    EXPECT_EQ(start(0b10, pmu_start::set_init_value, ~std::uint64_t{0}), sbi_success);
    send_ipi();
    EXPECT_EQ(read(1), 0U);
}

TEST_F(PmuOwn, ConfiguresAsTheFlagsSay) {
    EXPECT_EQ(configure(0b10, ipi_sent, auto_start), counter(1));
    send_ipi();
    EXPECT_EQ(configure(0b10, ipi_sent), unsupported);
    EXPECT_EQ(stop(0b10), sbi_success);
    EXPECT_EQ(configure(0b10, ipi_received), counter(1));
    EXPECT_EQ(read(1), 1U);
    EXPECT_EQ(configure(0b10, ipi_sent, clear_value), counter(1));
    EXPECT_EQ(read(1), 0U);
    EXPECT_EQ(configure(0b10, ipi_sent, clear_value | auto_start), counter(1));
    send_ipi();
    EXPECT_EQ(configure(0b10, ipi_received, skip_match), counter(1));
    send_ipi();
    EXPECT_EQ(read(1), 1U);
}

TEST_F(PmuOwn, TakesACounterWithoutAnEventFirst) {
    EXPECT_EQ(configure(0b100010, ipi_sent), counter(1));
    EXPECT_EQ(configure(0b100010, ipi_sent), counter(5));
    EXPECT_EQ(configure(0b100010, ipi_received), counter(1));
    EXPECT_EQ(configure(0b100010, ipi_received, skip_match), counter(1));
}

TEST_F(PmuOwn, NoHardwareCounterTakesAFirmwareEventNorTheReverse) {
    EXPECT_EQ(configure(0b11101, ipi_sent), unsupported);
    EXPECT_EQ(configure(0b11101, ipi_sent, skip_match), unsupported);
    EXPECT_EQ(configure(0b1'1111'1110'0010, 1), unsupported);
    EXPECT_EQ(configure(0b10, 1, skip_match), unsupported);
}

TEST_F(PmuOwn, CountsNoEventOfOthers) {
    for (const std::uint64_t code : {0, 1, 2, 3, 4, 14, 21, 22, 255, 256, 65534, 65535}) {
        EXPECT_EQ(configure(0b10, 0xf0000 + code), unsupported) << code;
    }
    EXPECT_EQ(configure(0b10, ipi_sent, 0, 1), unsupported);
}

}  // namespace
}  // namespace mullion
