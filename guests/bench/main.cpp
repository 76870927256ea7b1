// SPDX-License-Identifier: Apache-2.0
// Measures what a guest's calls and interrupts cost, in instructions of the whole machine, as the average of many;
// prints a line for each. Requires QEMU with -icount shift=0,sleep=off and a time base of 10 MHz, so that a tick of
// `time` is 100 instructions.
#include <algorithm>
#include <atomic>
#include <string_view>

#include "bench/interrupts.hpp"
#include "bench/rivals.hpp"
#include "common/mmio.hpp"
#include "common/print.hpp"
#include "common/sbi.hpp"
#include "common/tree.hpp"

namespace bench {
namespace {

constexpr std::uint64_t iterations = 10'000;
constexpr std::uint64_t instructions_per_tick = 100;

Machine machine;
std::uint64_t self;                     // the hart that measures
std::uint64_t peer;                     // the other one, asleep or stopped
std::atomic<std::uint64_t> peer_at{0};  // when the peer got there
std::uint64_t rounds;                   // how often the peer answers

/// Returns the ticks of all iterations.
std::uint64_t ticks_of(auto operation) {
    const auto start = now();
    for (std::uint64_t i = 0; i < iterations; ++i) {
        operation();
        asm volatile("");
    }
    return now() - start;
}

void report(std::string_view name, std::uint64_t instructions) {
    print("bench: ", name, " ", (instructions + iterations / 2) / iterations);
}

constexpr auto nothing = [] {};

/// Measures an operation without the cost of the loop and of `other`.
template <class Operation, class Other = decltype(nothing)>
void measure(std::string_view name, Operation operation, Other other = nothing) {
    const auto ticks = ticks_of(operation);
    report(name, (ticks - ticks_of(other)) * instructions_per_tick);
}

/// Measures a call from ECALL to the instruction after it, without loading a0 and a1, which the call changes. From one
/// call to the next a0 grows by `step`.
void measure_call(std::string_view name, std::uint64_t extension, std::uint64_t function, sbi::Arguments arguments,
                  std::uint64_t step = 0) {
    const auto load = [=]() mutable {
        arguments.a0 += step;
        asm volatile("mv a0, %0; mv a1, %1" : : "r"(arguments.a0), "r"(arguments.a1) : "a0", "a1", "memory");
    };
    const auto call = [=]() mutable {
        arguments.a0 += step;
        register auto a2 asm("a2") = arguments.a2;
        register auto a3 asm("a3") = arguments.a3;
        register auto a4 asm("a4") = arguments.a4;
        register auto a6 asm("a6") = function;
        register auto a7 asm("a7") = extension;
        asm volatile("mv a0, %0; mv a1, %1; ecall"
                     :
                     : "r"(arguments.a0), "r"(arguments.a1), "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                     : "a0", "a1", "memory");
    };
    measure(name, call, load);
}

/// Returns a few instructions, and three for each of the rounds, after the edge of a tick.
void leave_edge(std::uint64_t rounds_of_three) {
    for (const auto before = now(); now() == before;) {
    }
    asm volatile("1: addi %0, %0, -1; nop; bnez %0, 1b" : "+r"(rounds_of_three));
}

/// Measures the instructions from the start of each operation to the time that it returns. As a tick is 100
/// instructions, the starts are spread evenly over a tick: they are three instructions apart, and three is coprime to
/// 100.
void measure_until(std::string_view name, auto operation) {
    std::uint64_t ticks = 0;
    for (std::uint64_t i = 0; i < iterations; ++i) {
        leave_edge(i % instructions_per_tick + 1);
        const auto start = now();
        ticks += operation(start) - start;
    }
    report(name, ticks * instructions_per_tick);
}

void measure_calls() {
    measure_call("sbi-base", sbi::base, 0, {});
    constexpr std::uint64_t far_away = std::uint64_t{1} << 60;
    measure_call("set-timer", sbi::time, 0, {far_away}, 1);
}

void measure_fences() {
    const auto own = std::uint64_t{1} << self;
    constexpr std::uint64_t page = 0x80300000;
    measure_call("fence-i", sbi::rfence, 0, {own, 0});
    measure_call("sfence-all", sbi::rfence, 1, {own, 0, 0, 0});
    measure_call("sfence-page", sbi::rfence, 1, {own, 0, page, 4096});
    measure_call("sfence-asid", sbi::rfence, 2, {own, 0, page, 4096, 1});
}

/// Measures registers of the APLIC: those that route an interrupt, and the one that ends a level-triggered one (AIA
/// 4.9.2).
void measure_aplic_registers() {
    const auto target = machine.aplic.base + 0x3000 + 4 * machine.uart.source;
    const auto setipnum_le = machine.aplic.base + 0x2000;
    const auto source = machine.uart.source;
    write_register<std::uint32_t>(machine.aplic.base + 4 * source, 6);  // sourcecfg: level-triggered, active high
    measure("register-read", [=] { read_register<std::uint32_t>(target); });
    measure("register-write", [=] { write_register<std::uint32_t>(setipnum_le, source); });
}

std::uint64_t plic_context() {
    return machine.plic_contexts[self];
}

/// Measures registers of the PLIC that route and mask interrupts.
void measure_plic_registers() {
    const auto enable = machine.plic.base + 0x2000 + 0x80 * plic_context();
    const auto threshold = machine.plic.base + 0x20'0000 + 0x1000 * plic_context();
    measure("register-read", [=] { read_register<std::uint32_t>(enable); });
    measure("register-write", [=] { write_register<std::uint32_t>(threshold, 0); });
}

/// Answers IPIs, on the peer.
void answer(std::uint64_t) {
    for (std::uint64_t i = 0; i < rounds; ++i) {
        peer_at = await_asleep();
        sbi::send_ipi(std::uint64_t{1} << self);
    }
}

/// Notes when a started hart arrives, on the peer.
void arrive(std::uint64_t at) {
    peer_at = at;
    sbi::send_ipi(std::uint64_t{1} << self);
}

void start_peer(void (*job)(std::uint64_t)) {
    sbi::hart_start(peer, reinterpret_cast<std::uint64_t>(&started), reinterpret_cast<std::uint64_t>(job));
}

/// Sleeps until the peer is stopped. With -icount a spinning hart would keep the machine to itself for a long time.
void await_peer_stopped() {
    while (!sbi::hart_is(peer, sbi::HartState::stopped)) {
        sleep(10);
    }
}

void measure_interrupts() {
    expect_only(software_interrupt, &take_software);
    measure("ipi-own", [] {
        sbi::send_ipi(std::uint64_t{1} << self);
        await_asleep();
    });
    rounds = 2 * iterations;
    start_peer(&answer);
    sleep(machine.ticks_per_second / 1000);  // until the peer is asleep
    const auto ping_pong = [] {
        sbi::send_ipi(std::uint64_t{1} << peer);
        await_asleep();
    };
    measure_until("ipi-other", [=](std::uint64_t) {
        ping_pong();
        return peer_at.load();
    });
    measure("ipi-ping-pong", ping_pong);
    await_peer_stopped();
}

/// Measures the first start of the peer, which happens once in a life.
void measure_first_start() {
    expect_only(software_interrupt, &take_software);
    const auto begin = now();
    start_peer(&arrive);
    await_asleep();
    print("bench: hart-first-start ", (peer_at.load() - begin) * instructions_per_tick);
    await_peer_stopped();
}

void measure_start() {
    measure_until("hart-start", [](std::uint64_t) {
        start_peer(&arrive);
        await_asleep();
        const auto at = peer_at.load();
        await_peer_stopped();
        return at;
    });
}

/// Measures the timer. QEMU counts whole ticks from the instruction that sets it; as that is at every place within a
/// tick equally often, the average is right.
void measure_timer(std::string_view name, auto await) {
    measure_until(name, [=](std::uint64_t start) {
        constexpr std::uint64_t ticks = 20;
        set_timer(start + ticks);
        set_csr<sie>(1 << timer_interrupt);
        return await() - ticks;
    });
}

void route_by_plic() {
    const auto plic = machine.plic.base;
    const auto source = machine.rtc.source;
    write_register<std::uint32_t>(plic + 4 * source, 1);  // priority
    write_register<std::uint32_t>(plic + 0x2000 + 0x80 * plic_context() + source / 32 * 4, 1U << source % 32);
    write_register<std::uint32_t>(plic + 0x20'0000 + 0x1000 * plic_context(), 0);  // threshold
}

void route_by_message() {
    constexpr std::uint32_t identity = 1;
    constexpr std::uint64_t eidelivery = 0x70;
    constexpr std::uint64_t eie0 = 0xc0;
    write_csr<siselect>(eidelivery);
    write_csr<sireg>(1);
    write_csr<siselect>(eie0);
    write_csr<sireg>(1 << identity);
    const auto aplic = machine.aplic.base;
    const auto source = machine.rtc.source;
    constexpr std::uint32_t rising_edge = 4;
    write_register<std::uint32_t>(aplic + 4 * source, rising_edge);  // sourcecfg
    write_register<std::uint32_t>(aplic + 0x3000 + 4 * source, static_cast<std::uint32_t>(self << 18 | identity));
    write_register<std::uint32_t>(aplic + 0x1edc, source);  // setienum
    write_register<std::uint32_t>(aplic, 0x104);            // domaincfg
}

/// Measures external interrupts by the goldfish RTC, whose alarm goes off at once if set to the past.
void measure_external() {
    enum Register : std::uint64_t { alarm_low = 0x08, alarm_high = 0x0c, irq_enabled = 0x10, clear_interrupt = 0x1c };
    const auto rtc = machine.rtc.base;
    const Device device{rtc + alarm_low, rtc + clear_interrupt,
                        machine.plic.base + 0x20'0004 + 0x1000 * plic_context()};
    write_register<std::uint32_t>(rtc + irq_enabled, 1);
    write_register<std::uint32_t>(rtc + alarm_high, 0);
    const auto measure_time = [=](std::string_view name, std::uint64_t External::*when) {
        measure_until(name, [=](std::uint64_t) {
            const auto at = provoke(device).*when;
            write_register<std::uint32_t>(device.end, 1);
            return at;
        });
    };
    measure_time("external-handler", &External::handler);
    measure_time("external-claimed", &External::claimed);
    measure_time("external-back", &External::back);
}

void measure_devices() {
    if (machine.imsic.size != 0) {
        measure_aplic_registers();
        expect_only(external_interrupt, &take_message);
        route_by_message();
        measure_external();
    } else if (machine.plic.size != 0) {
        measure_plic_registers();
        expect_only(external_interrupt, &take_level);
        route_by_plic();
        measure_external();
    }
}

/// Spins, on the peer, which is in firmware or hypervisor only for fences.
void spin(std::uint64_t) {
    while (true) {
        asm volatile("nop");
    }
}

/// Measures remote fences in nanoseconds of wall time, of the fastest batch, for machines without -icount: the caller
/// spins until the fence is done, so counting instructions would say nothing.
void measure_remote_fences() {
    start_peer(&spin);
    sleep(machine.ticks_per_second / 1000);
    const auto other = std::uint64_t{1} << peer;
    const auto measure_fence = [=](std::string_view name, std::uint64_t function, sbi::Arguments arguments) {
        constexpr std::uint64_t times = 10;
        auto fastest = ~std::uint64_t{0};
        for (int batch = 0; batch < 10; ++batch) {
            const auto begin = now();
            for (std::uint64_t i = 0; i < times; ++i) {
                sbi::call(sbi::rfence, function, arguments);
            }
            fastest = std::min(fastest, now() - begin);
        }
        print("bench: ", name, " ", fastest * (1'000'000'000 / machine.ticks_per_second) / times);
    };
    measure_fence("remote-fence-i", 0, {other});
    measure_fence("remote-sfence-all", 1, {other});
    measure_fence("remote-sfence-page", 1, {other, 0, 0x80300000, 4096});
    sbi::reset(0, 0);
}

void measure_all() {
    measure_calls();
    measure_fences();
    measure_first_start();
    measure_interrupts();
    measure_start();
    expect_only(timer_interrupt, &take_timer);
    measure_timer("timer-running", [] { return await_running(); });
    measure_timer("timer-asleep", [] { return await_asleep(); });
    measure_devices();
    print("bench: done");
    sbi::reset(0, 0);
}

}  // namespace
}  // namespace bench

/// Runs what the command line selects.
extern "C" void bench_main(std::uint64_t hart, std::uint64_t tree) {
    using namespace bench;
    machine = read_tree(tree);
    set_console(machine.uart.base);
    use_stimecmp(machine.has_extension("sstc"));
    self = hart;
    peer = hart == 0 ? 1 : 0;
    if (machine.bootargs == "endure") {
        endure(machine, self);
    } else if (machine.bootargs == "fence") {
        measure_remote_fences();
    } else if (machine.bootargs == "storm") {
        storm(machine, self);
    } else if (machine.bootargs == "flood") {
        flood();
    } else if (machine.bootargs == "scribble") {
        scribble();
    } else if (machine.bootargs == "whisper") {
        whisper(machine);
    } else {
        measure_all();
    }
}
