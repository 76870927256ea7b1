// SPDX-License-Identifier: Apache-2.0
#include "run/guest_console.hpp"

#include "run/console.hpp"
#include "run/console_port.hpp"

namespace mullion::run {

// Here because a byte of the 16550's is the guest's commonest exit: nothing is called on its way to the ring.
bool DevicePort::transmit(std::uint8_t byte) {
    return console::screen.put(index_, byte);
}

namespace guest_console {
namespace {

/// The caller holds the device lock.
void fill(Vm& vm) {
    while (vm.uart.can_receive()) {
        const auto typed = vm.input.take();
        if (!typed) {
            break;
        }
        *typed == InputQueue::line_break ? vm.uart.receive_break() : vm.uart.receive(static_cast<std::uint8_t>(*typed));
    }
}

/// The caller holds the device lock.
void update_interrupt(Vm& vm) {
    vm.controller.set_line(vm.uart_row.source, vm.uart.interrupt());
}

}  // namespace

std::uint8_t read_register(Vm& vm, unsigned reg) {
    const arch::LockGuard guard(vm.device_lock);
    const auto value = vm.uart.read(reg);
    fill(vm);
    update_interrupt(vm);
    return value;
}

void write_register(Vm& vm, unsigned reg, std::uint8_t value) {
    const bool news = [&] {
        const arch::LockGuard guard(vm.device_lock);
        if (vm.uart.write(reg, value)) {
            update_interrupt(vm);
        }
        return console::screen.take_news(vm.index);
    }();
    if (news) {
        console::service(vm);
    }
}

std::size_t write(Vm& vm, std::span<const std::uint8_t> bytes) {
    std::size_t taken = 0;
    const bool news = [&] {
        const arch::LockGuard guard(vm.device_lock);
        while (taken < bytes.size() && console::screen.put(vm.index, bytes[taken])) {
            ++taken;
        }
        return console::screen.take_news(vm.index);
    }();
    if (news) {
        console::service(vm);
    }
    return taken;
}

std::size_t read(Vm& vm, std::span<std::uint8_t> bytes) {
    const arch::LockGuard guard(vm.device_lock);
    std::size_t count = 0;
    while (count < bytes.size()) {
        fill(vm);
        const auto byte = vm.uart.take_received();
        if (!byte) {
            break;
        }
        bytes[count++] = *byte;
    }
    update_interrupt(vm);
    return count;
}

void refresh(Vm& vm) {
    const bool news = [&] {
        const arch::LockGuard guard(vm.device_lock);
        fill(vm);
        vm.uart.transmit_ready();
        update_interrupt(vm);
        return console::screen.take_news(vm.index);
    }();
    if (news) {
        console::service(vm);
    }
}

}  // namespace guest_console
}  // namespace mullion::run
