// SPDX-License-Identifier: Apache-2.0
// The watchdog of Allwinner's A31 that Mullion emulates, as Linux's driver sunxi_wdt uses it.
#include <array>
#include <utility>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/external.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

using namespace watchdog;

constexpr std::uint32_t kick_key = 0xa57 << 1 | 1;
constexpr std::uint32_t reset_the_system = 1, interrupt_only = 2;
constexpr std::uint32_t every_half_second = 0 << 4 | 1;

void turn_off() {
    write(mode, 0);
    write(irq_en, 0);
    write(irq_sta, 1);
    write(cfg, reset_the_system);
}

void need_watchdog() {
    expect("the tree has a watchdog", device().size != 0);
}

void registers_keep_their_bits() {
    need_watchdog();
    expect_equal("CFG after a reset", reset_the_system, read(cfg));
    expect_equal("MODE after a reset", 0, read(mode));
    write(cfg, 0xffff'ffff);
    expect_equal("CFG", 3, read(cfg));
    write(mode, 0xffff'fff0);
    expect_equal("MODE", 0xf0, read(mode));
    write(irq_en, 0xffff'ffff);
    expect_equal("IRQ_EN", 1, read(irq_en));
    expect_equal("CTRL", 0, read(ctrl));
    expect_equal("what is no register", 0, read_register<std::uint32_t>(device().base + 0x1c));
    turn_off();
}

void other_widths_fault() {
    need_watchdog();
    const auto base = device().base;
    expect_trap("a byte", 5, base + mode, try_load<std::uint8_t>(base + mode).trap);
    expect_trap("a doubleword", 5, base + ctrl, try_load<std::uint64_t>(base + ctrl).trap);
    expect_trap("behind the registers", 5, base + 0x20, try_load<std::uint32_t>(base + 0x20).trap);
    expect_trap("a halfword stored", 7, base + mode, try_store<std::uint16_t>(base + mode, 1));
    expect_equal("MODE", 0, read(mode));
}

/// Sleeps for the whole time, even if WFI ends early.
void sleep_for(std::uint64_t ticks) {
    const auto due = now() + ticks;
    for (auto at = now(); at < due; at = now()) {
        sleep(due - at);
    }
}

/// Expects that the interval does not end within `ticks`. It would interrupt instead of resetting: on a host that gives
/// this guest no time an interval may end nevertheless, and this must be reported.
void expect_no_bite_within(std::uint64_t ticks) {
    sleep_for(ticks);
    expect_equal("IRQ_STA", 0, read(irq_sta));
}

void stopped_it_does_not_bite() {
    need_watchdog();
    write(cfg, interrupt_only);
    const auto started = now();
    write(mode, every_half_second);
    write(mode, 0);
    if (now() - started >= machine().ticks_per_second / 2) {
        write(irq_sta, 1);
    }
    expect_no_bite_within(machine().ticks_per_second * 6 / 10);
    turn_off();
}

/// Two harts kick in turn, over more than one interval. If two kicks were too far apart, the end of an interval is no
/// failure, and the case begins again.
void kicked_it_does_not_bite() {
    need_watchdog();
    write(cfg, interrupt_only);
    const auto interval = machine().ticks_per_second / 2;
    const auto deadline = now() + patience;
    auto kicked = now();
    write(mode, every_half_second);
    for (std::uint64_t in_time = 0; in_time < 3;) {
        expect("kicks come in time at all", now() < deadline);
        sleep_for(interval * 2 / 5);
        const auto before = now();
        write(ctrl, kick_key);
        run_on(other_hart(in_time % 2), [](std::uint64_t) { write(ctrl, kick_key); });
        const auto pending = read(irq_sta);
        const bool late = now() - std::exchange(kicked, before) >= interval;
        expect_equal("IRQ_STA, kicked in time", 0, late ? 0 : pending);
        write(irq_sta, 1);
        in_time = late ? 0 : in_time + 1;
    }
    write(mode, 0);
    if (now() - kicked >= interval) {
        write(irq_sta, 1);
    }
    expect_no_bite_within(interval * 6 / 5);  // no hart's alarm is left
    turn_off();
}

void it_interrupts() {
    need_watchdog();
    const auto source = device().source;
    external::listen(source);
    write(cfg, interrupt_only);
    write(irq_en, 1);
    write(mode, every_half_second);
    expect("the interrupt", wait_until([=] { return external::claim() == source; }));
    expect_equal("IRQ_STA", 1, read(irq_sta));
    write(irq_sta, 1);
    expect_equal("IRQ_STA, cleared", 0, read(irq_sta));
    turn_off();
    external::complete(source);
    external::ignore(source);
}

[[noreturn]] void hang() {
    clear_csr<sstatus>(2);
    write_csr<sie>(0);
    while (true) {
        asm volatile("" ::: "memory");
    }
}

/// The guest is to end here.
void it_bites() {
    print("probe: ", case_name(), " ends the guest");
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) { hang(); }));
    write(mode, every_half_second);
    hang();
}

/// Stops the hart that has started the watchdog before the interval ends.
void it_bites_when_its_hart_is_stopped() {
    print("probe: ", case_name(), " ends the guest");
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) { write(mode, every_half_second); }));
    hang();
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"watchdog.registers", registers_keep_their_bits, When::on_mullion},
    Case{"watchdog.widths", other_widths_fault, When::on_mullion},
    Case{"watchdog.stopped", stopped_it_does_not_bite, When::on_mullion},
    Case{"watchdog.kicked", kicked_it_does_not_bite, When::on_mullion},
    Case{"watchdog.interrupt", it_interrupts, When::on_mullion},
    Case{"watchdog.bites", it_bites, When::by_name},
    Case{"watchdog.bites-from-a-stopped-hart", it_bites_when_its_hart_is_stopped, When::by_name},
};

}  // namespace

}  // namespace probe
