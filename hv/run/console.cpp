// SPDX-License-Identifier: Apache-2.0
#include "run/console.hpp"

#include <algorithm>
#include <optional>

#include "arch/aplic.hpp"
#include "arch/firmware.hpp"
#include "arch/lock.hpp"
#include "arch/message.hpp"
#include "arch/wired.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console_port.hpp"
#include "run/guest_console.hpp"
#include "run/life.hpp"
#include "run/report.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/hsm.hpp"
#include "vm/sbi/sse_delivery.hpp"

namespace mullion::run::console {
namespace {

using Kind = ConsoleAction::Kind;

arch::SpinLock lock;

/// Somebody wants the console looked at, and may have found it locked.
std::atomic<std::uint32_t> wanted = 0;

/// Without interrupt files: the hart that the UART is routed to. Changed only at boot and while that hart handles the
/// interrupt, which is held meanwhile.
const Hart* interrupted = nullptr;

/// The UART interrupts a hart of the guest that has the input, so that nobody else's harts exit for it.
void route_interrupt(std::size_t guest) {
    const auto source = description.board.uart.source;
    const auto& hart = description.board.harts[description.guests[guest].harts.front()];
    if (board_kind.controller == InterruptController::imsic) {
        return arch::aplic::set_target(source, hart, 0, static_cast<std::uint32_t>(arch::Message::uart));
    }
    if (interrupted != nullptr) {
        arch::wired::unroute(source, *interrupted);
    }
    arch::wired::route(source, hart);
    interrupted = &hart;
}

/// A hart that runs its guest, to look after that guest's console; none if the guest is off.
void call_attention_of(const Vm& vm) {
    const auto running =
        std::ranges::find_if(vm.harts, [](const VCpu& vcpu) { return hsm::state_of(vcpu) != HsmState::stopped; });
    if (running != vm.harts.end()) {
        call_attention(*running);
    }
}

/// The caller holds the lock. The calling hart's timer brings it back for an unfinished line.
void pump() {
    screen.pump();
    if (const auto deadline = screen.deadline()) {
        set_alarm(Alarm::console, *deadline);
    }
}

/// As the button of a machine that makes its kernel look, whatever it has masked.
[[gnu::cold]] void interrupt(Vm& vm) {
    const auto harts = sse::interrupt_harts(vm.harts.front(), hart_port);
    Text line;
    if (harts == 0) {
        line << vm.guest.name << " cannot be interrupted: it has no software event enabled";
    } else {
        line << vm.guest.name << " is interrupted on " << harts << (harts == 1 ? " hart" : " harts");
    }
    print(line.view());
}

/// What a key asks for, without the lock: most of it prints.
[[gnu::cold]] void obey(const ConsoleAction& action) {
    auto& vm = vms[action.guest];
    switch (action.kind) {
        case Kind::none:
        case Kind::focus:
            return;
        case Kind::text:
        case Kind::line_break:
            return call_attention_of(vm);
        case Kind::states:
            return print_states();
        case Kind::interrupt:
            return interrupt(vm);
        case Kind::restart:
            return order(vm, Order::restart);
        case Kind::off:
            return order(vm, Order::off);
        case Kind::machine_off:
            print("the machine powers off");
            flush();
            arch::firmware::shutdown(false);
    }
}

/// One byte from the terminal. Nothing: there is none.
[[gnu::cold]] std::optional<ConsoleAction> take_input() {
    const arch::LockGuard guard(lock);
    const auto byte = arch::uart::receive();
    if (!byte) {
        return std::nullopt;
    }
    const auto action = screen.input(*byte);
    if (action.kind == Kind::text) {
        vms[action.guest].input.put(action.byte);
    } else if (action.kind == Kind::line_break) {
        vms[action.guest].input.put(InputQueue::line_break);
    } else if (action.kind == Kind::focus) {
        route_interrupt(action.guest);
    }
    pump();
    return action;
}

}  // namespace

void UartPort::room_again(std::size_t guest) {
    if (guest < vms.size()) {
        call_attention_of(vms[guest]);
    }
}

void initialise() {
    const auto& uart = description.board.uart;
    if (board_kind.controller == InterruptController::imsic) {
        arch::aplic::set_mode(uart.source, uart.mode);
        route_interrupt(screen.focus());
        return arch::aplic::set_enabled(uart.source, true);
    }
    arch::wired::prepare({uart.source, uart.mode}, description.board.harts[0]);
    route_interrupt(screen.focus());
}

[[gnu::cold]] void greet() {
    {
        const arch::LockGuard guard(lock);
        screen.greet();
        for (const auto& guest : description.guests) {
            if (guest.unprotected_dma) {
                screen.print("not isolated against DMA by ", guest.name);
            }
        }
    }
    service();
}

void finish(std::uint32_t guest) {
    const arch::LockGuard guard(lock);
    screen.finish_line(guest);
    if (screen.focus() == guest) {
        screen.leave_zoom();
    }
}

void print(std::string_view line) {
    {
        const arch::LockGuard guard(lock);
        screen.print(line);
    }
    service();
}

// Nobody else may move the output on meanwhile, so the waiting hart does.
void print_patiently(std::string_view line, std::uint64_t limit) {
    const auto has_room = [line] {
        const arch::LockGuard guard(lock);
        return screen.room(vms.size()) > line.size();  // the newline
    };
    while (!has_room() && arch::now() < limit) {
        service();
        arch::pause();
    }
    print(line);
}

void type_break(std::uint32_t guest, std::uint8_t byte) {
    {
        const arch::LockGuard guard(lock);
        vms[guest].input.put(InputQueue::line_break);
        vms[guest].input.put(byte);
    }
    call_attention_of(vms[guest]);
}

// Whoever finds the console locked leaves the work to the holder, who looks again after unlocking: nobody waits. What
// is still wanted after some rounds comes with the timer, so that nobody works for the others for ever either.
void service() {
    constexpr int rounds = 4;
    wanted.store(1);
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the holder sees the wish, or we see its lock free
    for (int round = 0; wanted.load() != 0; ++round) {
        if (round == rounds) {
            return set_alarm(Alarm::console, arch::now() + description.board.timebase_frequency / 1000);
        }
        if (!lock.try_lock()) {
            return;
        }
        wanted.store(0);
        pump();
        lock.unlock();
    }
}

void handle_interrupt() {
    while (const auto action = take_input()) {
        obey(*action);
    }
    service();
    const auto source = description.board.uart.source;
    if (board_kind.controller == InterruptController::imsic) {
        // A level source under MSI delivery: if the line is still up, it is to interrupt again (AIA 4.9.2).
        arch::aplic::set_pending(source);
    } else {
        arch::wired::release(source, *interrupted);
    }
}

[[gnu::cold]] void flush() {
    const auto limit = arch::now() + description.board.timebase_frequency;
    const arch::LockGuard guard(lock);
    screen.leave_zoom();
    while (arch::now() < limit && !(screen.is_idle() && arch::uart::is_idle())) {
        screen.pump();
    }
}

}  // namespace mullion::run::console
