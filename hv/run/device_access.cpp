// SPDX-License-Identifier: Apache-2.0
#include "run/device_access.hpp"

#include <algorithm>
#include <optional>

#include "arch/csr.hpp"
#include "run/alarm.hpp"
#include "run/guest_console.hpp"
#include "run/vm.hpp"

namespace mullion::run {
namespace {

using arch::HartContext;

/// Where in a device at `base` the access is; nothing where it is not in it, or not of one whole register: such devices
/// have registers of 32 bits, and other accesses are not supported (AIA 4.5).
std::optional<std::uint32_t> register_at(Gpa base, std::uint64_t size, Gpa at, const MemoryAccess& access) {
    constexpr std::uint64_t register_bytes = 4;
    const auto offset = at - base;  // wraps around, and so is large, below the base
    const bool is_register = offset < size && access.bytes == register_bytes && is_aligned(offset, register_bytes);
    return is_register ? std::optional{static_cast<std::uint32_t>(offset)} : std::nullopt;
}

void set(HartContext& context, const MemoryAccess& access, std::uint64_t raw) {
    if (access.reg != 0) {
        context.gpr[access.reg] = loaded_value(access, raw);
    }
}

void access_uart(HartContext& context, std::uint64_t offset, const MemoryAccess& access) {
    auto& vm = *context.vm;
    context.vcpu->count(Exit::mmio_uart);
    const auto reg = static_cast<unsigned>(offset >> vm.uart_row.parameter) & 7;
    if (access.store) {
        guest_console::write_register(vm, reg, static_cast<std::uint8_t>(context.gpr[access.reg]));
    } else {
        set(context, access, guest_console::read_register(vm, reg));
    }
}

bool access_controller(HartContext& context, Gpa at, const MemoryAccess& access) {
    auto& vm = *context.vm;
    const auto offset = register_at(vm.registers.base, vm.registers.size, at, access);
    if (!offset) {
        return false;
    }
    context.vcpu->count(vm.controller.is_plic() ? Exit::mmio_plic : Exit::mmio_aplic);
    const arch::LockGuard guard(vm.device_lock);
    if (access.store) {
        vm.controller.write(*offset, static_cast<std::uint32_t>(context.gpr[access.reg]));
    } else {
        set(context, access, vm.controller.read(*offset));
    }
    return true;
}

/// The hart that touches it waits for its deadline: of several, the last one that kicked it has the right time.
bool access_watchdog(HartContext& context, Gpa at, const MemoryAccess& access) {
    auto& vm = *context.vm;
    const auto offset = register_at(vm.watchdog_row.base, vm.watchdog_row.size, at, access);
    if (!offset) {
        return false;
    }
    context.vcpu->count(Exit::mmio_watchdog);
    const arch::LockGuard guard(vm.device_lock);
    if (access.store) {
        vm.watchdog.write(*offset, static_cast<std::uint32_t>(context.gpr[access.reg]), arch::now());
        vm.controller.set_line(vm.watchdog_row.source, vm.watchdog.interrupt());
        set_alarm(Alarm::life, vm.watchdog.deadline());
    } else {
        set(context, access, vm.watchdog.read(*offset));
    }
    return true;
}

}  // namespace

bool is_emulated(const Guest& guest, Gpa at) {
    return std::ranges::any_of(guest.devices, [at](const VirtualDevice& d) { return d.range().contains(at); });
}

[[gnu::cold]] bool access_device(HartContext& context, Gpa at, const MemoryAccess& access) {
    const auto& uart = context.vm->uart_row;
    if (uart.range().contains(at, access.bytes)) {
        access_uart(context, at - uart.base, access);
        return true;
    }
    return access_controller(context, at, access) || access_watchdog(context, at, access);
}

}  // namespace mullion::run
