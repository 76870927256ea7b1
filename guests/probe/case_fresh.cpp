// SPDX-License-Identifier: Apache-2.0
// A guest starts pristine, the first time and after every reboot: nothing of a former life is left in memory, registers
// or devices. `fresh.dirty` leaves traces everywhere; the harness then reboots the guest and runs `fresh` again.
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/external.hpp"
#include "probe/fresh.hpp"
#include "probe/paging.hpp"
#include "probe/plic.hpp"
#include "probe/pmu.hpp"

extern "C" char _start[];
extern "C" char __bss_end[];

namespace probe {
namespace {

constexpr std::uint64_t trace = 0xD1D1'D1D1'D1D1'D1D1;

void registers_are_zero() {
    for (std::uint64_t n = 1; n < 32; ++n) {
        if (n != 10 && n != 11 && entry_registers[n] != 0) {
            report_failure("x", n, ": expected 0x0, got ", Hex{entry_registers[n]});
            end_case();
        }
    }
    expect_equal("a0 is the hart id", this_hart().id, entry_registers[10]);
    expect_equal("a1 is the tree", machine().tree.base, entry_registers[11]);
}

void csrs_are_reset() {
    const auto& s = fresh_state();
    expect_equal("sscratch was zero", 0, entry_registers[0]);
    expect_equal("sstatus without UXL and without FS, VS", 0, s.sstatus & ~0x3'0000'6600ULL);
    expect_registers_open(s.sstatus, s.scounteren);
    expect_equal("sie", 0, s.sie);
    expect_equal("sip", 0, s.sip);
    expect_equal("senvcfg", 0, s.senvcfg);
    expect_equal("satp", 0, s.satp);
    expect_equal("stvec", 0, s.stvec);
    expect_equal("sepc", 0, s.sepc);
    expect_equal("scause", 0, s.scause);
    expect_equal("stval", 0, s.stval);
    expect_equal("siselect", 0, s.siselect);
}

void interrupt_file_is_reset(std::uint64_t) {
    expect_equal("eidelivery", 0, imsic::read(imsic::eidelivery));
    expect_equal("eithreshold", 0, imsic::read(imsic::eithreshold));
    for (std::uint64_t word = 0; word <= machine().imsic_ids / 64 * 2; word += 2) {
        expect_equal("eie", 0, imsic::read(imsic::eie0 + word));
        expect_equal("eip", 0, imsic::read(imsic::eip0 + word));
    }
}

void on_every_hart(void (*job)(std::uint64_t)) {
    job(0);
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        run_on(other_hart(n), job);
    }
}

void float_registers_are_zero(std::uint64_t) {
    expect("f0-f31 and fcsr are zero", floats_are_zero());
}

void vector_registers_are_zero(std::uint64_t) {
    expect("v0-v31 and vcsr are zero", vectors_are_zero());
}

constexpr std::uint64_t rtc_alarm_low = 0x08, rtc_alarm_high = 0x0c, rtc_irq_enabled = 0x10, rtc_alarm_status = 0x18;

void aplic_is_reset() {
    expect_equal("domaincfg (DM may be fixed)", 0x8000'0000, aplic::read(aplic::domaincfg) & ~0x4U);
    for (const auto source : {machine().uart.source, machine().rtc.source}) {
        expect_equal("sourcecfg", 0, aplic::read(aplic::sourcecfg + 4 * source));
        expect_equal("setie", 0, aplic::read(aplic::setie + source / 32 * 4) >> source % 32 & 1);
    }
}

/// The claim comes last, as it changes what is pending.
void plic_is_reset() {
    for (std::uint32_t source = 1; source <= machine().plic_sources; ++source) {
        expect_equal("priority", 0, plic::read(plic::priority_of(source)));
        expect("not pending", !plic::is_pending(source));
    }
    for (std::size_t id = 0; id < machine().harts; ++id) {
        const auto context = plic::context_of(id);
        for (std::uint32_t source = 0; source <= machine().plic_sources; source += 32) {
            expect_equal("enable bits", 0, plic::read(plic::enable_word(context, source)));
        }
        expect_equal("threshold", 0, plic::read(plic::threshold_of(context)));
        expect_equal("claim", 0, plic::read(plic::claim_of(context)));
    }
}

void devices_are_reset() {
    machine().imsic.size != 0 ? aplic_is_reset() : plic_is_reset();
    expect_equal("UART scratch", 0, uart::read(uart::scratch));
    expect_equal("UART interrupt enables", 0, uart::read(uart::ier));
    expect_equal("UART loopback", 0, uart::read(uart::mcr) & 0x10);
    expect_equal("the RTC's interrupt enable", 0, read_register<std::uint32_t>(machine().rtc.base + rtc_irq_enabled));
    expect_equal("the RTC's alarm", 0, read_register<std::uint32_t>(machine().rtc.base + rtc_alarm_status));
    if (watchdog::device().size != 0) {
        expect_equal("the watchdog's MODE", 0, watchdog::read(watchdog::mode));
    }
}

/// Expects zeros at `offset` from each address of the guest's memory, but for the probe and its tree.
void expect_zeros(std::uint64_t offset) {
    const Region own{reinterpret_cast<std::uint64_t>(_start), static_cast<std::uint64_t>(__bss_end - _start)};
    for (const auto& window : machine().windows()) {
        for (auto at = window.base; at < window.end(); at += 8) {
            if (own.contains(at)) {
                at = (own.end() + 7) & ~std::uint64_t{7};
            }
            const auto value = *reinterpret_cast<const std::uint64_t*>(at + offset);
            if (value != 0 && !machine().tree.contains(at)) {
                report_failure("memory at ", Hex{at}, ": expected 0x0, got ", Hex{value});
                end_case();
            }
        }
    }
}

void memory_is_zero() {
    expect_equal("words of .bss that were not zero", 0, dirty_bss_words);
    expect_zeros(0);
}

/// Where nothing that a cache holds back is read.
void memory_below_caches_is_zero() {
    make_tables();
    for (const auto type : {pte::non_cacheable, pte::io}) {
        map_upper_half(pte::data | type);
        paging_on();
        expect_zeros(upper_half);
        paging_off();
    }
}

std::uint64_t word_at(const std::byte* bytes) {
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) {
        word = word << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return word;
}

/// The tree has a seed. The harness checks that it is different for each guest and each start.
void tree_has_a_seed() {
    const auto seed = machine().seed;
    expect_equal("bytes of the seed", 32, seed.size());
    end_case_if_failed();
    print("probe: seed ", Hex{word_at(&seed[0])}, " ", Hex{word_at(&seed[8])}, " ", Hex{word_at(&seed[16])}, " ",
          Hex{word_at(&seed[24])});
}

/// The tree has no seed, not even one of zeros.
void tree_has_no_seed() {
    expect_equal("bytes of the seed", 0, machine().seed.size());
}

void tree_has_room() {
    const auto& room = machine().tree_room;
    expect("4 KiB at least", room.size >= 4096);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(room.base);
    expect("zeros", std::all_of(bytes, bytes + room.size, [](std::uint8_t byte) { return byte == 0; }));
}

// --- leaving traces ------------------------------------------------------------------------------------------------

void dirty_interrupt_file() {
    imsic::clear();
    for (std::uint64_t word = 0; word <= machine().imsic_ids / 64 * 2; word += 2) {
        imsic::write(imsic::eip0 + word, trace);
        imsic::write(imsic::eie0 + word, trace);
    }
    imsic::write(imsic::eithreshold, 3);
}

void dirty_hart(std::uint64_t) {
    pmu::leave_started();
    fill_floats();
    fill_vectors();
    if (machine().imsic.size != 0) {
        dirty_interrupt_file();
    }
    set_csr<sie>(1 << software_interrupt | 1 << timer_interrupt | 1 << external_interrupt);
    set_csr<sip>(1 << software_interrupt);
    write_csr<scounteren>(~0U);
    write_csr<sepc>(0x8020'0000);
    write_csr<scause>(5);
    write_csr<stval>(trace);
    sbi::set_timer(0);
}

void dirty_aplic() {
    aplic::route(machine().uart.source, aplic::detached, 1, 9);
    aplic::route(machine().rtc.source, aplic::detached, 1, 10);
    aplic::write(aplic::setipnum, machine().uart.source);
}

/// With one source claimed and not completed, and one pending.
void dirty_plic() {
    rtc::enable(true);
    rtc::set_alarm(0);
    external::listen(machine().uart.source);
    uart::write(uart::ier, 2);
    expect_equal("the UART's interrupt", machine().uart.source, external::claim());
    for (std::size_t id = 0; id < machine().harts; ++id) {
        const auto context = plic::context_of(id);
        plic::write(plic::threshold_of(context), 1);
        plic::set_enabled(context, machine().uart.source, true);
        plic::set_enabled(context, machine().rtc.source, true);
    }
    plic::write(plic::priority_of(machine().rtc.source), 1);
    expect("the RTC's interrupt", wait_until([] { return plic::is_pending(machine().rtc.source); }));
}

void leave_traces() {
    for (const auto& window : machine().windows()) {
        for (auto at = window.base; at < window.end(); at += 0x1'0000) {
            auto& word = *reinterpret_cast<std::uint64_t*>(at);
            if (word == 0) {
                word = trace;
            }
        }
    }
    machine().imsic.size != 0 ? dirty_aplic() : dirty_plic();
    uart::write(uart::scratch, 0xd1);
    write_register<std::uint32_t>(machine().rtc.base + rtc_irq_enabled, 1);
    write_register<std::uint32_t>(machine().rtc.base + rtc_alarm_high, 0x7fff'ffff);  // an alarm that never comes
    write_register<std::uint32_t>(machine().rtc.base + rtc_alarm_low, 0);
    expect_equal("the RTC's alarm, set", 1, read_register<std::uint32_t>(machine().rtc.base + rtc_alarm_status));
    if (watchdog::device().size != 0) {
        watchdog::write(watchdog::mode, 0xb1);  // 16 s
    }
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        expect_success("start of a hart", start(other_hart(n), dirty_hart));
        expect("it has stopped", wait_stopped(other_hart(n)));
    }
    uart::write(uart::ier, 0x0f);
    dirty_hart(0);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"fresh.registers", registers_are_zero, When::on_mullion},
    Case{"fresh.csrs", csrs_are_reset, When::on_mullion},
    Case{"fresh.floats", [] { on_every_hart(float_registers_are_zero); }, When::on_mullion},
    Case{"fresh.vectors", [] { on_every_hart(vector_registers_are_zero); }, When::on_mullion},
    Case{"fresh.interrupt-files", [] { on_every_hart(interrupt_file_is_reset); }, When::on_mullion, Needs::imsic},
    Case{"fresh.counters", [] { on_every_hart([](std::uint64_t) { pmu::expect_new(); }); }, When::on_mullion},
    Case{"fresh.devices", devices_are_reset, When::on_mullion},
    Case{"fresh.memory", memory_is_zero, When::on_mullion},
    Case{"fresh.memory-below-caches", memory_below_caches_is_zero, When::on_mullion, Needs::svpbmt},
    Case{"fresh.seed", tree_has_a_seed, When::on_mullion},
    Case{"fresh.no-seed", tree_has_no_seed, When::by_name},
    Case{"fresh.tree-room", tree_has_room, When::on_mullion},
    Case{"fresh.dirty", leave_traces, When::by_name},
};

}  // namespace

}  // namespace probe
