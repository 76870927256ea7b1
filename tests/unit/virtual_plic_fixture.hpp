// SPDX-License-Identifier: Apache-2.0
// Provides a guest with three harts, two granted sources, an emulated UART and a watchdog, and its PLIC.
#pragma once

#include "vm/virtual_plic.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <span>

#include "fake_plic.hpp"

namespace mullion::test {

static_assert(PlicPort<FakePlic>);

inline constexpr std::uint32_t rtc = 11;       // granted
inline constexpr std::uint32_t far = 40;       // granted, in another word
inline constexpr std::uint32_t uart = 10;      // virtual
inline constexpr std::uint32_t watchdog = 41;  // virtual
inline constexpr std::uint32_t absent = 5;     // neither
inline constexpr std::array<std::uint32_t, 4> implemented{uart, rtc, far, watchdog};

constexpr std::uint32_t bit_of(std::uint32_t source) {
    return 1U << source % 32;
}

inline Guest guest_with_plic(std::span<const std::uint32_t> harts, std::span<const Source> sources) {
    Guest guest;
    guest.name = "alpha";
    guest.harts = harts;
    guest.sources = sources;
    static constexpr std::array<VirtualDevice, 3> devices{{{DeviceKind::plic, {}, plic::size_for_harts(3), 0, 95},
                                                           {DeviceKind::uart16550, {}, 0x100, uart},
                                                           {DeviceKind::watchdog, {}, 0x1000, watchdog}}};
    guest.devices = devices;
    return guest;
}

class VirtualPlicTest : public testing::Test {
 protected:
    VirtualPlicTest() {
        domain.reset();
        port.take_history();
    }
    ~VirtualPlicTest() override { EXPECT_EQ(port.defects, 0); }

    void set_priority(std::uint32_t source, std::uint32_t value) { domain.write(plic::priority_of(source), value); }
    std::uint32_t priority(std::uint32_t source) { return domain.read(plic::priority_of(source)).value(); }
    bool pending(std::uint32_t source) {
        return (domain.read(plic::pending + source / 32 * 4).value() & bit_of(source)) != 0;
    }
    // Of the S-mode of a hart.
    static std::uint32_t enable_word(std::uint32_t hart, std::uint32_t word) {
        return plic::enable_word(2 * hart + 1, word);
    }
    static std::uint32_t threshold_of(std::uint32_t hart) { return plic::threshold_of(2 * hart + 1); }
    static std::uint32_t claim_of(std::uint32_t hart) { return plic::claim_of(2 * hart + 1); }

    std::uint32_t enables(std::uint32_t hart, std::uint32_t word) {
        return domain.read(enable_word(hart, word)).value();
    }
    void enable(std::uint32_t hart, std::uint32_t source, bool on = true) {
        const auto others = enables(hart, source / 32) & ~bit_of(source);
        domain.write(enable_word(hart, source / 32), others | (on ? bit_of(source) : 0));
    }
    void set_threshold(std::uint32_t hart, std::uint32_t value) { domain.write(threshold_of(hart), value); }
    std::uint32_t claim(std::uint32_t hart) { return domain.read(claim_of(hart)).value(); }
    void complete(std::uint32_t hart, std::uint32_t source) { domain.write(claim_of(hart), source); }

    /// Lets everything happen that is pending; returns whether the hart is interrupted then.
    bool interrupted(std::uint32_t hart) {
        port.settle(domain);
        return port.external[hart];
    }

    /// Enables a source for the hart, with priority 1.
    void ready(std::uint32_t source, std::uint32_t hart = 0) {
        set_priority(source, 1);
        enable(hart, source);
        port.take_history();
    }

    const std::array<std::uint32_t, 3> harts{3, 1, 2};
    const std::array<Source, 2> sources{Source{rtc}, Source{far}};
    const Guest guest = guest_with_plic(harts, sources);
    std::array<PlicContext, 3> contexts{};
    FakePlic port;
    VirtualPlic<FakePlic> domain{guest, contexts, port};
};

}  // namespace mullion::test
