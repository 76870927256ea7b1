// SPDX-License-Identifier: Apache-2.0
#include "siege/watched.hpp"

#include "common/mmio.hpp"
#include "common/print.hpp"

extern "C" void victim_trap();

namespace siege {
namespace {

// --- memory: all that is not the image's --------------------------------------------------------------------------

constexpr std::uint64_t page = 4096;

struct Words {
    volatile std::uint64_t* begin;
    std::uint64_t count;
};

/// Returns memory below the image, and far after it up to the window's last word.
std::array<Words, 2> free_memory() {
    constexpr std::uint64_t image = 0x8020'0000, room = 0x20'0000;
    const auto& window = machine().memory[0];
    return {{{reinterpret_cast<volatile std::uint64_t*>(window.base), (image - window.base) / 8},
             {reinterpret_cast<volatile std::uint64_t*>(image + room), (window.end() - image - room) / 8}}};
}

std::uint64_t pattern_of(const volatile std::uint64_t* word) {
    return reinterpret_cast<std::uint64_t>(word) * 0x9e37'79b9'7f4a'7c15;
}

// --- devices ------------------------------------------------------------------------------------------------------

constexpr std::uint32_t identity = 3;
constexpr std::uint32_t far_away = 0x7fff'0000;

enum Rtc : std::uint64_t {
    alarm_low = 0x08,
    alarm_high = 0x0c,
    irq_enabled = 0x10,
    alarm_clear = 0x14,
    interrupt_clear = 0x1c
};
enum Uart : std::uint64_t { ier = 1, lcr = 3, scratch = 7 };
enum Aplic : std::uint64_t { domaincfg = 0, setienum = 0x1edc, in_clrip = 0x1d00, target = 0x3000 };

std::uint64_t plic_enable() {
    return machine().plic.base + 0x2000 + 0x80 * machine().plic_contexts[0] + machine().rtc.source / 32 * 4;
}
std::uint64_t plic_threshold() {
    return machine().plic.base + 0x20'0000 + 0x1000 * machine().plic_contexts[0];
}

bool has_imsic() {
    return machine().imsic.size != 0;
}

std::uint64_t read_imsic(std::uint64_t which) {
    write_csr<siselect>(which);
    return read_csr<sireg>();
}
void write_imsic(std::uint64_t which, std::uint64_t value) {
    write_csr<siselect>(which);
    write_csr<sireg>(value);
}

constexpr std::uint64_t eidelivery = 0x70, eithreshold = 0x72, eip0 = 0x80, eie0 = 0xc0;

struct Kept {
    std::uint64_t address;
    std::uint32_t value;
};

/// Returns 32-bit registers that keep what is written.
std::array<Kept, 4> kept_words() {
    const auto& m = machine();
    if (has_imsic()) {
        return {{{m.aplic.base + domaincfg, 0x8000'0104},
                 {m.aplic.base + 4 * m.rtc.source, 4},  // sourcecfg: rising edge
                 {m.aplic.base + target + 4 * m.rtc.source, identity},
                 {m.rtc.base + irq_enabled, 1}}};
    }
    return {{{m.plic.base + 4 * m.rtc.source, 5},
             {plic_enable(), 1U << m.rtc.source % 32},
             {plic_threshold(), 2},
             {m.rtc.base + irq_enabled, 1}}};
}

void set_alarm(std::uint32_t high, std::uint32_t low) {
    write_register<std::uint32_t>(machine().rtc.base + alarm_high, high);
    write_register<std::uint32_t>(machine().rtc.base + alarm_low, low);
}

/// Claims and returns what the controller has for this hart.
std::uint64_t claim() {
    if (!has_imsic()) {
        return read_register<std::uint32_t>(plic_threshold() + 4);
    }
    std::uint64_t top = 0;
    asm volatile("csrrw %0, %1, zero" : "=r"(top) : "i"(stopei) : "memory");
    return top >> 16;
}

}  // namespace

void expect(std::string_view what, std::uint64_t expected, std::uint64_t got) {
    if (expected != got) {
        print("victim: FAILED: ", what, ": expected ", Hex{expected}, ", got ", Hex{got});
    }
}

void fill_memory() {
    for (const auto& words : free_memory()) {
        for (std::uint64_t i = 0; i < words.count; ++i) {
            words.begin[i] = pattern_of(words.begin + i);
        }
    }
}

void expect_memory(std::uint64_t round) {
    constexpr std::uint64_t piece = 4 * page / 8;
    for (const auto& words : free_memory()) {
        const auto first = round * piece % words.count;
        for (std::uint64_t i = first; i < first + piece && i < words.count; ++i) {
            if (words.begin[i] != pattern_of(words.begin + i)) {
                print("victim: FAILED: memory at ", Hex{reinterpret_cast<std::uint64_t>(words.begin + i)});
                words.begin[i] = pattern_of(words.begin + i);
            }
        }
        const auto* const last = words.begin + words.count - 1;
        expect("the last word", pattern_of(last), *last);
        expect("the first word", pattern_of(words.begin), words.begin[0]);
    }
}

void set_registers() {
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(&victim_trap));
    write_csr<sscratch>(0x1111'2222'3333'4444);
    write_csr<sepc>(0x5555'6666);
    write_csr<scause>(7);
    write_csr<stval>(0x7777'8888);
    write_csr<scounteren>(5);
}

extern "C" void victim_trapped() {
    print("victim: FAILED: an exception with cause ", read_csr<scause>(), " stval ", Hex{read_csr<stval>()}, " sepc ",
          Hex{read_csr<sepc>()});
}

void expect_registers() {
    expect("stvec", reinterpret_cast<std::uint64_t>(&victim_trap), read_csr<stvec>());
    expect("sscratch", 0x1111'2222'3333'4444, read_csr<sscratch>());
    expect("sepc", 0x5555'6666, read_csr<sepc>());
    expect("scause", 7, read_csr<scause>());
    expect("stval", 0x7777'8888, read_csr<stval>());
    expect("scounteren", 5, read_csr<scounteren>());
    expect("satp", 0, read_csr<satp>());
    expect("sie", 0, read_csr<sie>());
    constexpr std::uint64_t interrupts_on = 2;
    expect("sstatus.SIE", 0, read_csr<sstatus>() & interrupts_on);
}

void set_devices() {
    for (const auto& [address, value] : kept_words()) {
        write_register<std::uint32_t>(address, value);
    }
    if (has_imsic()) {
        write_register<std::uint32_t>(machine().aplic.base + setienum, machine().rtc.source);
        write_imsic(eidelivery, 1);
        write_imsic(eithreshold, 0);
        write_imsic(eie0, 1 << identity);
    }
    write_register<std::uint8_t>(machine().uart.base + lcr, 3);
    write_register<std::uint8_t>(machine().uart.base + scratch, 0xa5);
    set_alarm(far_away, 0x1234);
}

void expect_devices() {
    for (const auto& [address, value] : kept_words()) {
        expect("a register of a device", value, read_register<std::uint32_t>(address));
    }
    if (has_imsic()) {
        expect("eidelivery", 1, read_imsic(eidelivery));
        expect("eithreshold", 0, read_imsic(eithreshold));
        expect("eie0", 1 << identity, read_imsic(eie0));
    }
    expect("the serial port's LCR", 3, read_register<std::uint8_t>(machine().uart.base + lcr));
    expect("the serial port's IER", 0, read_register<std::uint8_t>(machine().uart.base + ier));
    expect("the serial port's scratch", 0xa5, read_register<std::uint8_t>(machine().uart.base + scratch));
    expect("the alarm", 0x1234, read_register<std::uint32_t>(machine().rtc.base + alarm_low));
    expect("the alarm's high half", far_away, read_register<std::uint32_t>(machine().rtc.base + alarm_high));
}

void expect_nothing_pending() {
    expect("pending interrupts", 0, read_csr<sip>());
    if (!has_imsic()) {
        return expect("a claim", 0, claim());
    }
    for (std::uint64_t word = 0; word <= machine().imsic_ids / 64 * 2; word += 2) {
        expect("pending identities", 0, read_imsic(eip0 + word));
    }
}

void expect_alarm() {
    const auto expected = has_imsic() ? identity : machine().rtc.source;
    const auto deadline = now() + 20 * machine().ticks_per_second;
    set_alarm(0, 1);  // has passed
    while ((read_csr<sip>() & 1 << external_interrupt) == 0 && now() < deadline) {
    }
    expect("what the alarm brings", expected, claim());
    write_register<std::uint32_t>(machine().rtc.base + interrupt_clear, 1);
    if (!has_imsic()) {
        write_register<std::uint32_t>(plic_threshold() + 4, machine().rtc.source);
    }
    set_alarm(far_away, 0x1234);
    expect_nothing_pending();
}

}  // namespace siege
