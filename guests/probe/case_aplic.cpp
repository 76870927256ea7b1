// SPDX-License-Identifier: Apache-2.0
// AIA chapter 4, "Advanced PLIC", in MSI delivery mode, and the wired sources behind it: UART and RTC.
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

constexpr std::uint32_t identity = 21;

void prepare() {
    imsic::clear();
    imsic::enable(identity);
    set_csr<sie>(1 << external_interrupt);
}

void expect_message(std::string_view what) {
    expect(what, wait_until([] { return imsic::claim() == identity; }));
}

void expect_silence(std::string_view what) {
    expect(what, !wait_until([] { return imsic::top() != 0; }, 20'000));
}

/// AIA 4.5.1: bits 31:24 read 0x80.
void domaincfg_reads_back() {
    aplic::write(aplic::domaincfg, aplic::enable_and_msi);
    expect_equal("domaincfg with IE and DM", 0x8000'0104, aplic::read(aplic::domaincfg));
    aplic::write(aplic::domaincfg, 0);
    expect_equal("domaincfg without IE (DM may be fixed)", 0x8000'0000, aplic::read(aplic::domaincfg) & ~0x4U);
}

void genmsi_sends() {
    prepare();
    aplic::write(aplic::domaincfg, aplic::enable_and_msi);
    for (int i = 0; i < 50; ++i) {
        aplic::write(aplic::genmsi, aplic::to(this_hart().id, identity));
        expect_message("an MSI by genmsi");
    }
}

/// AIA 4.5.2: registers of a source that is not implemented are read-only zeros.
void expect_unimplemented(std::uint32_t source) {
    aplic::write(aplic::sourcecfg + 4 * source, aplic::edge_rising);
    aplic::write(aplic::target + 4 * source, aplic::to(0, identity));
    aplic::write(aplic::setienum, source);
    aplic::write(aplic::setipnum, source);
    expect_equal("sourcecfg", 0, aplic::read(aplic::sourcecfg + 4 * source));
    expect_equal("target", 0, aplic::read(aplic::target + 4 * source));
    const auto word = 4 * (source / 32);
    expect_equal("setie", 0, aplic::read(aplic::setie + word) >> source % 32 & 1);
    expect_equal("setip", 0, aplic::read(aplic::setip + word) >> source % 32 & 1);
}

void sources_beyond_the_last_read_zero() {
    expect_unimplemented(machine().aplic_sources + 1);
    expect_unimplemented(1023);
}

void sources_of_others_read_zero() {
    for (std::uint32_t source = 1; source <= machine().aplic_sources; ++source) {
        if (!machine().has_source(source)) {
            expect_unimplemented(source);
        }
    }
    for (std::uint64_t word = 0; word < 32; ++word) {
        aplic::write(aplic::setie + 4 * word, 0xFFFF'FFFF);
        const auto enabled = aplic::read(aplic::setie + 4 * word);
        aplic::write(aplic::clrie + 4 * word, 0xFFFF'FFFF);
        for (std::uint32_t bit = 0; bit < 32; ++bit) {
            const auto source = static_cast<std::uint32_t>(32 * word) + bit;
            if (!machine().has_source(source)) {
                expect_equal("setie of a source of others", 0, enabled >> bit & 1);
            }
        }
    }
}

/// A target must be one of the guest's harts; others are not taken over (WARL), and no message leaves the guest.
void targets_stay_inside() {
    prepare();
    const auto at = aplic::target + 4 * machine().uart.source;
    aplic::write(aplic::domaincfg, aplic::enable_and_msi);
    aplic::write(aplic::sourcecfg + 4 * machine().uart.source, aplic::detached);
    for (const std::uint64_t hart : {machine().harts, machine().harts + 1, std::size_t{0x3fff}}) {
        aplic::write(at, aplic::to(hart, identity));
        expect("the hart index is one of the guest's", aplic::read(at) >> 18 < machine().harts);
        aplic::write(aplic::genmsi, aplic::to(hart, identity));
    }
    aplic::write(at, aplic::to(0, identity) | 1 << 12);
    expect_equal("the guest index (AIA 4.5.16: no guests behind a guest)", 0, aplic::read(at) >> 12 & 0x3f);
    aplic::unroute(machine().uart.source);
}

/// A detached source is pending by software alone.
void detached_source_sends() {
    prepare();
    aplic::route(machine().uart.source, aplic::detached, this_hart().id, identity);
    expect_silence("nothing before setipnum");
    for (int i = 0; i < 20; ++i) {
        aplic::write(aplic::setipnum, machine().uart.source);
        expect_message("an MSI by setipnum");
    }
    aplic::write(aplic::clrienum, machine().uart.source);
    aplic::write(aplic::setipnum, machine().uart.source);
    expect_silence("nothing while disabled");
    const auto pending = aplic::read(aplic::setip + machine().uart.source / 32 * 4);
    expect_equal("but pending", 1, pending >> machine().uart.source % 32 & 1);
    aplic::write(aplic::setienum, machine().uart.source);
    expect_message("the MSI when enabled");
    aplic::unroute(machine().uart.source);
}

/// The transmitter of the UART is empty, so its interrupt comes as soon as it is enabled.
void uart_interrupt_arrives() {
    prepare();
    constexpr std::uint8_t transmitter_empty = 2;
    aplic::route(machine().uart.source, aplic::level_high, this_hart().id, identity);
    for (int i = 0; i < 20; ++i) {
        uart::write(uart::ier, transmitter_empty);
        expect_message("the transmitter's interrupt");
        expect_equal("its cause in IIR", transmitter_empty, uart::read(uart::iir_fcr) & 0xf);
        uart::write(uart::ier, 0);
        aplic::write(aplic::setipnum_le, machine().uart.source);
    }
    expect_silence("nothing while the line is low");
    aplic::unroute(machine().uart.source);
}

// --- the goldfish RTC ----------------------------------------------------------------------------------------------

/// A level source that is forwarded as an MSI comes again only after software looks at it again (AIA 4.9.2).
void rtc_alarm_arrives() {
    expect("the RTC is granted", machine().rtc.size != 0);
    prepare();
    const auto source = machine().rtc.source;
    aplic::route(source, aplic::level_high, this_hart().id, identity);
    rtc::enable(true);
    for (int i = 0; i < 10; ++i) {
        rtc::set_alarm(1'000'000);
        expect_message("the alarm");
        expect_silence("not again by itself");
        aplic::write(aplic::setipnum_le, source);
        expect_message("again, since the line is still high");
        rtc::clear();
        aplic::write(aplic::setipnum_le, source);
        expect_silence("nothing after it is cleared");
    }
    aplic::unroute(source);
    rtc::set_alarm(0);
    expect_silence("nothing when the source is inactive");
    rtc::clear();
    rtc::enable(false);
}

void rtc_alarm_arrives_at_each_hart() {
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        run_on(other_hart(n), [](std::uint64_t) { rtc_alarm_arrives(); });
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"aplic.domaincfg", domaincfg_reads_back, When::always, Needs::imsic},
    Case{"aplic.genmsi", genmsi_sends, When::always, Needs::imsic},
    Case{"aplic.beyond", sources_beyond_the_last_read_zero, When::always, Needs::imsic},
    Case{"aplic.others", sources_of_others_read_zero, When::on_mullion, Needs::imsic},
    Case{"aplic.targets", targets_stay_inside, When::on_mullion, Needs::imsic},
    Case{"aplic.detached", detached_source_sends, When::always, Needs::imsic},
    Case{"aplic.uart", uart_interrupt_arrives, When::always, Needs::imsic},
    Case{"aplic.rtc", rtc_alarm_arrives, When::always, Needs::imsic},
    Case{"aplic.rtc-each-hart", rtc_alarm_arrives_at_each_hart, When::always, Needs::imsic},
};

}  // namespace

}  // namespace probe
