// SPDX-License-Identifier: Apache-2.0
#include "run/console.hpp"

#include <algorithm>
#include <optional>

#include "arch/aplic.hpp"
#include "arch/firmware.hpp"
#include "arch/lock.hpp"
#include "arch/wired.hpp"
#include "core/message.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/alarm.hpp"
#include "run/console_port.hpp"
#include "run/guest_console.hpp"
#include "run/life.hpp"
#include "run/park.hpp"
#include "run/report.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"

namespace mullion::run::console {
namespace {

using Kind = ConsoleAction::Kind;

/// Of the screen, the UART and the keys. Guests' output does not wait for it: who finds it taken, or waited for, comes
/// again.
arch::FairLock lock;

/// Of Mullion's own lines on their way into their channel; held for the length of a line. Taken last.
arch::FairLock printing;

/// Without interrupt files: the hart that the UART is routed to. Changed only at boot and while that hart handles the
/// interrupt, which is held meanwhile.
const Hart* interrupted = nullptr;

/// The UART interrupts a hart of the guest that has the input, so that nobody else's harts exit for it.
void route_interrupt(std::size_t guest) {
    const auto source = description.board.console.source;
    const auto& hart = description.board.harts[description.guests[guest].harts.front()];
    if (board_kind.controller == InterruptController::imsic) {
        return arch::aplic::set_target(source, hart, 0, static_cast<std::uint32_t>(Message::uart));
    }
    if (interrupted != nullptr) {
        arch::wired::unroute(source, *interrupted);
    }
    arch::wired::route(source, hart);
    interrupted = &hart;
}

/// A hart of the guest is to look after that guest's console.
void call_attention_of(const Vm& vm) {
    call_attention(hart_to_tell(vm.harts));
}

/// On behalf of a channel, for which `alarm` brings the hart back.
void move_on(std::size_t channel, Alarm alarm) {
    if (!lock.try_lock()) {
        return hasten_alarm(alarm, arch::now() + description.board.timebase_frequency / 2000);
    }
    const auto again = screen.move_on(channel);
    lock.unlock();
    set_alarm(alarm, again.value_or(Alarms::never));
}

/// When a hart that is about to stop waits no longer for the UART: in a second.
std::uint64_t patience_ends() {
    return arch::now() + description.board.timebase_frequency;
}

/// Waits until everything is out, or until then. The caller holds the lock.
[[gnu::cold]] void see_out(std::uint64_t limit) {
    screen.pump();
    await_machine<Wait::flush>([] { return screen.is_idle() && arch::uart::is_idle(); },
                               [limit] { return arch::now() >= limit; }, [] { screen.pump(); });
}

/// As the button of a machine that makes its kernel look, whatever it has masked.
[[gnu::cold]] void interrupt(Vm& vm) {
    const auto harts = software_events != nullptr ? software_events->interrupt_harts(vm.harts.front()) : 0;
    Text line;
    if (harts == 0) {
        line << vm.guest.name << " cannot be interrupted: it has no software event enabled";
    } else {
        line << vm.guest.name << " is interrupted on " << harts << (harts == 1 ? " hart" : " harts");
    }
    answer(line.view());
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
            answer("the machine powers off");
            flush();
            arch::firmware::shutdown(false);
    }
}

/// For the guest that has the input. Text that it has no room for, or that comes when it is off, is dropped.
void type(const ConsoleAction& action) {
    const auto& vm = vms[action.guest];
    if (vm.life.is_over() || !vm.input.put(action.byte)) {
        typing.drop(arch::now());
    }
}

/// One byte from the terminal. Nothing: there is none, or it stays where it is.
[[gnu::cold]] std::optional<ConsoleAction> take_input() {
    const arch::LockGuard guard(lock);
    const bool may_read = typing.may_read(vms[screen.focus()].input, arch::now());
    arch::uart::listen(may_read);
    const auto byte = may_read ? arch::uart::receive() : std::nullopt;
    if (!byte) {
        if (const auto due = typing.due(!may_read, arch::now())) {
            hasten_alarm(Alarm::keys, *due);
        }
        return std::nullopt;
    }
    const arch::LockGuard own_lines(printing);
    const auto action = screen.input(*byte);
    if (action.kind == Kind::text) {
        type(action);
    } else if (action.kind == Kind::line_break) {
        vms[action.guest].input.put(InputQueue::line_break);
    } else if (action.kind == Kind::focus) {
        typing.forget();
        route_interrupt(action.guest);
    }
    return action;
}

[[gnu::cold]] void tell_what_was_dropped() {
    const auto dropped = [] {
        const arch::LockGuard guard(lock);
        return typing.take_dropped(arch::now());
    }();
    if (dropped) {
        answer(
            (Text{} << *dropped << " typed bytes dropped: " << vms[screen.focus()].guest.name << " does not read them")
                .view());
    }
}

}  // namespace

void UartPort::room_again(std::size_t guest) {
    if (guest < vms.size()) {
        call_attention_of(vms[guest]);
    }
}

void initialise() {
    const auto& uart = description.board.console;
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
        const arch::LockGuard own_lines(printing);
        screen.greet();
        for (const auto& guest : description.guests) {
            if (guest.unprotected_dma) {
                screen.print((Text{} << "not isolated against DMA by " << guest.name).view());
            }
        }
    }
    if (arch::this_hart().vcpu != nullptr) {
        return service();
    }
    const arch::LockGuard guard(lock);
    see_out(patience_ends());  // a boot hart without a guest is about to stop
}

[[gnu::cold]] void finish(std::uint32_t guest) {
    screen.finish_line(guest);
    if (screen.focus() == guest) {
        screen.leave_zoom();
    }
}

[[gnu::cold]] void print(std::string_view line) {
    {
        const arch::LockGuard guard(printing);
        if (!screen.tell(this_vm().index, line)) {
            screen.leave_out(this_vm().index);
        }
    }
    service();
}

bool has_left_out(std::uint32_t guest) {
    return screen.has_left_out(guest);
}

// Nobody else may move the output on meanwhile, so the waiting hart does.
[[gnu::cold]] void print_patiently(std::string_view line, std::uint64_t limit) {
    const auto tell = [line] {
        const arch::LockGuard guard(printing);
        return screen.tell(this_vm().index, line);
    };
    const auto go_on = [] {
        service();
        take_interrupts_stopped();
    };
    if (!await_machine<Wait::report>(
            tell, [limit] { return arch::now() >= limit; }, go_on)) {
        return print(line);
    }
    service();
}

[[gnu::cold]] void answer(std::string_view line) {
    {
        const arch::LockGuard guard(printing);
        screen.print(line);
    }
    service();
}

[[gnu::cold]] void type_break(std::uint32_t guest, std::uint8_t byte) {
    {
        const arch::LockGuard guard(lock);
        vms[guest].input.put_behind(InputQueue::line_break);
        vms[guest].input.put_behind(byte);
    }
    call_attention_of(vms[guest]);
}

void service(const Vm& vm) {
    move_on(vm.index, Alarm::console);
}

void service() {
    move_on(vms.size(), Alarm::lines);
}

[[gnu::cold]] void read_keys() {
    constexpr int at_once = 64;  // what is left interrupts again
    for (int i = 0; i < at_once; ++i) {
        const auto action = take_input();
        if (!action) {
            break;
        }
        obey(*action);
    }
    tell_what_was_dropped();
    service();
}

void handle_interrupt() {
    read_keys();
    const auto source = description.board.console.source;
    if (board_kind.controller == InterruptController::imsic) {
        // A level source under MSI delivery: if the line is still up, it is to interrupt again (AIA 4.9.2).
        arch::aplic::set_pending(source);
    } else {
        arch::wired::release(source, *interrupted);
    }
}

[[gnu::cold]] void flush() {
    const arch::LockGuard guard(lock);
    const auto limit = patience_ends();
    screen.leave_zoom();
    see_out(limit);  // what still comes is cut off at the edge, as before
    screen.leave_terminal();
    see_out(limit);
}

}  // namespace mullion::run::console
