// SPDX-License-Identifier: Apache-2.0
#include "run/guest_console.hpp"

#include "run/console.hpp"

namespace mullion::run::guest_console {

std::size_t write(Vm& vm, std::span<const std::uint8_t> bytes) {
    std::size_t taken = 0;
    const bool news = [&] {
        const arch::LockGuard guard(vm.devices.lock());
        while (taken < bytes.size() && vm.output.put(bytes[taken])) {
            ++taken;
        }
        return vm.output.take_news();
    }();
    if (news) {
        console::service(vm);
    }
    return taken;
}

std::size_t read(Vm& vm, std::span<std::uint8_t> bytes) {
    const arch::LockGuard guard(vm.devices.lock());
    std::size_t count = 0;
    vm.uart.fill();
    while (count < bytes.size()) {
        const auto byte = vm.uart.take_received();
        if (!byte) {
            break;
        }
        bytes[count++] = *byte;
    }
    vm.devices.refresh_line(vm.uart);
    return count;
}

void refresh(Vm& vm) {
    const bool news = [&] {
        const arch::LockGuard guard(vm.devices.lock());
        if (is_there(vm.life.state())) {  // before, its UART is still to be reset
            vm.uart.refresh();
        }
        vm.devices.refresh_line(vm.uart);
        return vm.output.take_news();
    }();
    if (news) {
        console::service(vm);
    }
}

}  // namespace mullion::run::guest_console
