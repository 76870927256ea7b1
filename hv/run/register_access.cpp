// SPDX-License-Identifier: Apache-2.0
// The short way of the commonest accesses to emulated devices: LW or SW of a register of the guest's interrupt
// controller, LB, LBU or SB of one of its UART. What it does not take goes the long way (exits.cpp), which knows all
// accesses and all devices.
#include "arch/csr.hpp"
#include "arch/hart.hpp"
#include "core/decode.hpp"
#include "run/guest_console.hpp"
#include "run/vm.hpp"

namespace mullion::run {

using arch::Csr;
using arch::HartContext;

/// What arch/trap.S does next.
enum class ShortWay : std::int64_t {
    not_taken = 0,  ///< nothing has happened
    done = 1,
    // -n: done, and register n, which C++ preserves, has its new value in the frame
};

namespace {

/// Where in the controller the hart's access is; at least its size where it is not in it, or not aligned.
[[gnu::always_inline]] inline std::uint64_t offset_in(const GuestRange& registers) {
    const auto at = arch::read<Csr::htval>() << 2;  // its last two bits are those of stval
    const auto offset = at - registers.base.value;  // wraps around, and so is large, below the base
    return arch::read<Csr::stval>() % 4 == 0 ? offset : registers.size;
}

[[gnu::always_inline]] inline void account(HartContext& context, std::uint64_t htinst, Exit exit) {
    context.vcpu->count(exit);
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + transformed_length(htinst));
}

/// The end of a load.
[[gnu::always_inline]] inline ShortWay set_destination(HartContext& context, std::uint64_t htinst,
                                                       std::uint64_t value) {
    const auto reg = load_destination(htinst);
    if (reg == 0) {
        return ShortWay::done;
    }
    context.gpr[reg] = value;
    return arch::is_always_loaded(reg) ? ShortWay::done : ShortWay{-std::int64_t{reg}};
}

struct Aplic {
    static constexpr Exit exit = Exit::mmio_aplic;
    static auto& of(Vm& vm) { return vm.controller.aplic(); }
};
struct Plic {
    static constexpr Exit exit = Exit::mmio_plic;
    static auto& of(Vm& vm) { return vm.controller.plic(); }
};

/// LW of the register that `read(domain, offset)` reads, under the guest's device lock.
template <class Controller>
[[gnu::always_inline]] inline ShortWay load(HartContext& context, Vm& vm, std::uint32_t offset, std::uint64_t htinst,
                                            auto read) {
    account(context, htinst, Controller::exit);
    vm.device_lock.lock();
    const auto value = static_cast<std::int32_t>(read(Controller::of(vm), offset));
    vm.device_lock.unlock();
    return set_destination(context, htinst, static_cast<std::uint64_t>(std::int64_t{value}));
}

// What calls functions is apart from what does not, so that none saves registers for another.

template <class Controller>
[[gnu::noinline]] ShortWay load_slowly(HartContext& context, Vm& vm, std::uint32_t offset, std::uint64_t htinst) {
    return load<Controller>(context, vm, offset, htinst, [](auto& domain, auto at) { return domain.read(at); });
}

template <class Controller>
[[gnu::noinline]] ShortWay store(HartContext& context, Vm& vm, std::uint32_t offset, std::uint64_t htinst) {
    account(context, htinst, Controller::exit);
    const arch::LockGuard guard(vm.device_lock);
    Controller::of(vm).write(offset, static_cast<std::uint32_t>(context.gpr[store_source(htinst)]));
    return ShortWay::done;
}

[[gnu::noinline]] ShortWay load_from_uart(HartContext& context, Vm& vm, std::uint32_t reg, std::uint64_t htinst) {
    account(context, htinst, Exit::mmio_uart);
    return set_destination(context, htinst, lb_value(htinst, guest_console::read_register(vm, reg)));
}

[[gnu::noinline]] ShortWay store_to_uart(HartContext& context, Vm& vm, std::uint32_t reg, std::uint64_t htinst) {
    account(context, htinst, Exit::mmio_uart);
    guest_console::write_register(vm, reg, static_cast<std::uint8_t>(context.gpr[store_source(htinst)]));
    return ShortWay::done;
}

/// A register of the UART, whose driver reads and writes some for every character.
[[gnu::always_inline]] inline ShortWay access_uart(HartContext& context, Vm& vm, std::uint64_t exception,
                                                   std::uint64_t htinst) {
    const auto& uart = vm.uart_row;
    const auto at = arch::read<Csr::htval>() << 2 | (arch::read<Csr::stval>() & 3);
    const auto offset = at - uart.base.value;  // wraps around below the base
    if (offset >= uart.size) {
        return ShortWay::not_taken;
    }
    const auto reg = static_cast<std::uint32_t>(offset >> uart.parameter) & 7;
    if (exception == csr::cause::store_guest_page && is_transformed_sb(htinst)) {
        return store_to_uart(context, vm, reg, htinst);
    }
    if (exception == csr::cause::load_guest_page && is_transformed_lb(htinst)) {
        return load_from_uart(context, vm, reg, htinst);
    }
    return ShortWay::not_taken;
}

template <class Controller>
[[gnu::noinline]] ShortWay access_registers(HartContext& context, std::uint64_t exception, std::uint64_t htinst) {
    auto& vm = *context.vm;
    const bool is_store = exception == csr::cause::store_guest_page && is_transformed_sw(htinst);
    const bool is_load = exception == csr::cause::load_guest_page && is_transformed_lw(htinst);
    if (!is_store && !is_load) {
        return access_uart(context, vm, exception, htinst);
    }
    const auto offset = offset_in(vm.registers);
    if (offset >= vm.registers.size) {
        return ShortWay::not_taken;
    }
    const auto at = static_cast<std::uint32_t>(offset);
    if (is_store) {
        return store<Controller>(context, vm, at, htinst);
    }
    return Controller::of(vm).is_quick(at)
               ? load<Controller>(context, vm, at, htinst,
                                  [](auto& domain, auto quick) { return domain.read_quick(quick); })
               : load_slowly<Controller>(context, vm, at, htinst);
}

}  // namespace

/// A register that the instruction stores is in the frame.
extern "C" ShortWay register_access_entry(HartContext& context, std::uint64_t exception, std::uint64_t htinst) {
    return context.vm->controller.is_plic() ? access_registers<Plic>(context, exception, htinst)
                                            : access_registers<Aplic>(context, exception, htinst);
}

}  // namespace mullion::run
