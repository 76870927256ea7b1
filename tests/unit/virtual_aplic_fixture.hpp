// SPDX-License-Identifier: Apache-2.0
// Provides a guest with two harts, two granted sources and an emulated UART, and its interrupt domain.
#pragma once

#include "vm/virtual_aplic.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <span>

#include "fake_aplic.hpp"

namespace mullion::test {

static_assert(AplicPort<FakeAplic>);

inline constexpr std::uint32_t rtc = 11;    // granted
inline constexpr std::uint32_t far = 40;    // granted, in another word
inline constexpr std::uint32_t uart = 10;   // virtual
inline constexpr std::uint32_t absent = 5;  // neither
inline constexpr std::uint32_t num_ids = 63;

inline constexpr std::uint32_t on = 1U << 8;  // domaincfg.IE
inline constexpr std::uint32_t detached = 1, edge1 = 4, edge0 = 5, level1 = 6, level0 = 7;

constexpr std::uint32_t to(std::uint32_t hart, std::uint32_t eiid) {
    return hart << 18 | eiid;
}
constexpr std::uint32_t bit_of(std::uint32_t source) {
    return 1U << source % 32;
}

inline Guest guest_with_aplic(std::span<const std::uint32_t> harts, std::span<const Source> sources) {
    Guest guest;
    guest.name = "alpha";
    guest.harts = harts;
    guest.sources = sources;
    static constexpr std::array<VirtualDevice, 2> devices{
        {{DeviceKind::aplic, {}, 0x8000, 0, 96}, {DeviceKind::uart16550, {}, 0x100, uart}}};
    guest.devices = devices;
    return guest;
}

class VirtualAplicTest : public testing::Test {
 protected:
    using R = AplicRegister;

    VirtualAplicTest() {
        domain.reset();
        port.take_history();
    }

    std::uint32_t read(R reg) { return domain.read(static_cast<std::uint32_t>(reg)).value(); }
    std::uint32_t read_source(R array, std::uint32_t source) {
        return domain.read(aplic_offset_of_source(array, source)).value();
    }
    std::uint32_t read_word(R array, std::uint32_t word) {
        return domain.read(aplic_offset_of_word(array, word)).value();
    }
    void write(R reg, std::uint32_t value) { domain.write(static_cast<std::uint32_t>(reg), value); }
    void write_source(R array, std::uint32_t source, std::uint32_t value) {
        domain.write(aplic_offset_of_source(array, source), value);
    }
    void write_word(R array, std::uint32_t word, std::uint32_t value) {
        domain.write(aplic_offset_of_word(array, word), value);
    }
    bool pending(std::uint32_t source) { return (read_word(R::setip, source / 32) & bit_of(source)) != 0; }
    bool enabled(std::uint32_t source) { return (read_word(R::setie, source / 32) & bit_of(source)) != 0; }

    /// Makes a source active, aims it at hart 1, identity 17, enables it, and turns delivery on.
    void ready(std::uint32_t source, std::uint32_t mode) {
        write_source(R::sourcecfg, source, mode);
        write_source(R::target, source, to(1, 17));
        write(R::setienum, source);
        write(R::domaincfg, on);
        port.take_history();
    }

    const std::array<std::uint32_t, 2> harts{3, 1};
    const std::array<Source, 2> sources{{{rtc}, {far}}};
    const Guest guest = guest_with_aplic(harts, sources);
    FakeAplic port;
    VirtualAplic<FakeAplic> domain{guest, num_ids, port};
};

}  // namespace mullion::test
