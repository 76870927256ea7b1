// SPDX-License-Identifier: Apache-2.0
#include "run/input.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "arch/csr.hpp"
#include "arch/irq/irq.hpp"
#include "arch/lock.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/linked_services.hpp"
#include "run/machine_console.hpp"
#include "run/vm.hpp"

namespace mullion::run::input {
namespace {

using console::machine_console;
using console::typing;
using Kind = ConsoleAction::Kind;

// Under the console's lock.

/// The hart that the UART is routed to.
const Hart* interrupted = nullptr;
/// The guest that the last dropped byte was typed for.
std::size_t dropped_for = 0;

/// Has the UART interrupt a hart of the guest that has the input, so that nobody else's harts exit for it.
void route_interrupt(std::size_t guest) {
    const auto source = description.board.console.source;
    const auto& hart = description.board.harts[description.guests[guest].harts.front()];
    if (interrupted != nullptr) {
        arch::irq::unroute(source, *interrupted);
    }
    arch::irq::route(source, hart);
    interrupted = &hart;
}

/// Does what a byte from the terminal asks for. Requires what obey_key() does.
[[gnu::cold]] void obey(const ConsoleAction& action) {
    auto& vm = vms[action.guest];
    switch (action.kind) {
        case Kind::none:
        case Kind::focus:
            return;
        case Kind::text:
        case Kind::line_break:
            return console::send_attention(vm);
        default:
            return obey_key(action);
    }
}

/// Gives a byte or a break to a guest. One that it has no room for, or that comes when it is off, is dropped.
void type(std::size_t guest, std::uint16_t typed) {
    const auto& vm = vms[guest];
    if (vm.life.is_over() || !vm.input.put(typed)) {
        dropped_for = guest;
        typing.drop(arch::now());
    }
}

/// Takes one byte from the terminal. Returns nothing if there is none, or it stays where it is.
[[gnu::cold]] std::optional<ConsoleAction> take_input() {
    const arch::LockGuard guard(console::lock);
    const bool may_read = typing.may_read(vms[machine_console.focus()].input, arch::now());
    arch::uart::listen(may_read);
    const auto byte = may_read ? arch::uart::receive() : std::nullopt;
    if (!byte) {
        if (const auto due = typing.due(!may_read, arch::now())) {
            hasten_alarm(Alarm::input, *due);
        }
        return std::nullopt;
    }
    const arch::LockGuard own_lines(console::printing);
    const auto action = machine_console.input(*byte);
    if (action.kind == Kind::text) {
        type(action.guest, action.byte);
    } else if (action.kind == Kind::line_break) {
        type(action.guest, InputQueue::line_break);
    } else if (action.kind == Kind::focus) {
        typing.forget();
        route_interrupt(action.guest);
    }
    return action;
}

[[gnu::cold]] void tell_what_was_dropped() {
    Text line;
    {
        const arch::LockGuard guard(console::lock);
        if (const auto dropped = typing.take_dropped(arch::now())) {
            line << *dropped << " typed bytes dropped: " << vms[dropped_for].guest.name << " does not read them";
        }
    }
    if (!line.view().empty()) {
        console::print_answer(line.view());
    }
}

}  // namespace

void initialise() {
    const auto& uart = description.board.console;
    arch::irq::prepare({uart.source, uart.mode}, description.board.harts[0]);
    route_interrupt(machine_console.focus());
}

void handle_interrupt() {
    read();
    // Another hart may be routing the source elsewhere, and a PLIC ignores a completion where it is not enabled.
    const arch::LockGuard guard(console::lock);
    arch::irq::release(description.board.console.source, *interrupted);
}

[[gnu::cold]] void read() {
    constexpr int at_once = 64;  // what is left interrupts again
    for (int i = 0; i < at_once; ++i) {
        const auto action = take_input();
        if (!action) {
            break;
        }
        obey(*action);
    }
    tell_what_was_dropped();
    console::service();
}

[[gnu::cold]] void type_break(std::uint32_t guest, std::uint8_t byte) {
    {
        const arch::LockGuard guard(console::lock);
        vms[guest].input.put_behind(InputQueue::line_break);
        vms[guest].input.put_behind(byte);
    }
    console::send_attention(vms[guest]);
}

}  // namespace mullion::run::input
