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
    load_all = -1,  ///< done, and a register that C++ preserves has its new value in the frame
    not_taken = 0,  ///< nothing has happened
    done = 1,
};

namespace {

/// Where in the controller the hart's access is; at least its size where it is not in it, or not aligned.
[[gnu::always_inline]] inline std::uint64_t offset_in(const GuestRange& registers) {
    const auto at = arch::read<Csr::htval>() << 2;  // its last two bits are those of stval
    const auto offset = at - registers.base.value;  // wraps around, and so is large, below the base
    return arch::read<Csr::stval>() % 4 == 0 ? offset : registers.size;
}

/// `offset` is that of a register in the controller, or a register of the UART.
struct RegisterAccess {
    HartContext& context;
    Vm& vm;
    std::uint32_t offset;
    std::uint64_t htinst;
};

[[gnu::always_inline]] inline void account(const RegisterAccess& access, Exit exit) {
    access.context.vcpu->count(exit);
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + transformed_length(access.htinst));
}

/// The end of a load.
[[gnu::always_inline]] inline ShortWay set_destination(const RegisterAccess& access, std::uint64_t value) {
    const auto reg = load_destination(access.htinst);
    if (reg == 0) {
        return ShortWay::done;
    }
    access.context.gpr[reg] = value;
    return arch::is_always_loaded(reg) ? ShortWay::done : ShortWay::load_all;
}

/// LW of the register that `read(domain, offset)` reads, under the guest's device lock.
[[gnu::always_inline]] inline ShortWay load(RegisterAccess access, Exit exit, auto& domain, auto read) {
    account(access, exit);
    access.vm.device_lock.lock();
    const auto value = static_cast<std::int32_t>(read(domain, access.offset));
    access.vm.device_lock.unlock();
    return set_destination(access, static_cast<std::uint64_t>(std::int64_t{value}));
}

/// SW, likewise.
[[gnu::always_inline]] inline ShortWay store(RegisterAccess access, Exit exit, auto& domain) {
    account(access, exit);
    const arch::LockGuard guard(access.vm.device_lock);
    domain.write(access.offset, static_cast<std::uint32_t>(access.context.gpr[store_source(access.htinst)]));
    return ShortWay::done;
}

/// A register of the UART, whose driver reads and writes some for every character.
[[gnu::noinline]] ShortWay access_uart(HartContext& context, std::uint64_t exception, std::uint64_t htinst) {
    auto& vm = *context.vm;
    const auto& uart = vm.guest.uart;
    const auto at = arch::read<Csr::htval>() << 2 | (arch::read<Csr::stval>() & 3);
    const auto offset = at - uart.base.value;  // wraps around below the base
    if (offset >= uart.size) {
        return ShortWay::not_taken;
    }
    const RegisterAccess access{context, vm, static_cast<std::uint32_t>(offset >> uart.reg_shift) & 7, htinst};
    if (exception == csr::cause::store_guest_page && is_transformed_sb(htinst)) {
        account(access, Exit::mmio_uart);
        guest_console::write_register(vm, access.offset, static_cast<std::uint8_t>(context.gpr[store_source(htinst)]));
        return ShortWay::done;
    }
    if (exception == csr::cause::load_guest_page && is_transformed_lb(htinst)) {
        account(access, Exit::mmio_uart);
        return set_destination(access, lb_value(htinst, guest_console::read_register(vm, access.offset)));
    }
    return ShortWay::not_taken;
}

/// `store_to` or `load_from` a register of the controller, where the exit is one of both.
[[gnu::always_inline]] inline ShortWay dispatch(HartContext& context, std::uint64_t exception, auto store_to,
                                                auto load_from) {
    auto& vm = *context.vm;
    const auto htinst = arch::read<Csr::htinst>();
    if (exception == csr::cause::store_guest_page && is_transformed_sw(htinst)) {
        const auto offset = offset_in(vm.registers);
        return offset < vm.registers.size ? store_to({context, vm, static_cast<std::uint32_t>(offset), htinst})
                                          : ShortWay::not_taken;
    }
    if (exception == csr::cause::load_guest_page && is_transformed_lw(htinst)) {
        const auto offset = offset_in(vm.registers);
        return offset < vm.registers.size ? load_from({context, vm, static_cast<std::uint32_t>(offset), htinst})
                                          : ShortWay::not_taken;
    }
    return access_uart(context, exception, htinst);
}

// What calls functions is apart from what does not, and a PLIC's accesses from an APLIC's, so that none saves registers
// for another.

constexpr auto read_any = [](auto& domain, std::uint32_t offset) { return domain.read(offset); };
constexpr auto read_enable = [](auto& domain, std::uint32_t offset) { return domain.read_enable(offset); };

[[gnu::noinline]] ShortWay load_plic_register(HartContext& context, Vm& vm, std::uint32_t offset,
                                              std::uint64_t htinst) {
    return load({context, vm, offset, htinst}, Exit::mmio_plic, vm.controller.plic(), read_any);
}
[[gnu::noinline]] ShortWay store_plic_register(HartContext& context, Vm& vm, std::uint32_t offset,
                                               std::uint64_t htinst) {
    return store({context, vm, offset, htinst}, Exit::mmio_plic, vm.controller.plic());
}

[[gnu::noinline]] ShortWay access_plic(HartContext& context, std::uint64_t exception) {
    return dispatch(
        context, exception,
        [](RegisterAccess access) {
            return store_plic_register(access.context, access.vm, access.offset, access.htinst);
        },
        [](RegisterAccess access) {
            auto& plic = access.vm.controller.plic();
            return plic.has_enable(access.offset)
                       ? load(access, Exit::mmio_plic, plic, read_enable)
                       : load_plic_register(access.context, access.vm, access.offset, access.htinst);
        });
}

[[gnu::always_inline]] inline ShortWay access_aplic(HartContext& context, std::uint64_t exception) {
    return dispatch(
        context, exception,
        [](RegisterAccess access) { return store(access, Exit::mmio_aplic, access.vm.controller.aplic()); },
        [](RegisterAccess access) { return load(access, Exit::mmio_aplic, access.vm.controller.aplic(), read_any); });
}

}  // namespace

extern "C" ShortWay register_access_entry(HartContext& context, std::uint64_t exception) {
    return context.vm->controller.is_plic() ? access_plic(context, exception) : access_aplic(context, exception);
}

}  // namespace mullion::run
