// SPDX-License-Identifier: Apache-2.0
// The short way of the commonest access to an emulated device: LW or SW of a register of the guest's interrupt
// controller. What it does not take goes the long way (exits.cpp), which knows all accesses and all devices.
#include "arch/csr.hpp"
#include "arch/hart.hpp"
#include "core/decode.hpp"
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

/// Of a register of the guest's controller.
struct RegisterAccess {
    HartContext& context;
    Vm& vm;  ///< the context's
    std::uint64_t htinst;
    std::uint32_t offset;
};

[[gnu::always_inline]] inline void account(const RegisterAccess& access, Exit exit) {
    access.context.vcpu->count(exit);
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + transformed_length(access.htinst));
}

[[gnu::always_inline]] inline ShortWay load_register(const RegisterAccess& access, Exit exit, auto& domain) {
    account(access, exit);
    const auto value = [&] {
        const arch::LockGuard guard(access.vm.device_lock);
        return static_cast<std::int32_t>(domain.read(access.offset));
    }();
    const auto reg = lw_destination(access.htinst);
    if (reg == 0) {
        return ShortWay::done;
    }
    access.context.gpr[reg] = static_cast<std::uint64_t>(std::int64_t{value});
    return arch::is_always_loaded(reg) ? ShortWay::done : ShortWay::load_all;
}

[[gnu::always_inline]] inline ShortWay store_register(const RegisterAccess& access, Exit exit, auto& domain) {
    account(access, exit);
    const arch::LockGuard guard(access.vm.device_lock);
    domain.write(access.offset, static_cast<std::uint32_t>(access.context.gpr[sw_source(access.htinst)]));
    return ShortWay::done;
}

// A PLIC's apart, so that an APLIC's saves no registers for it.

[[gnu::noinline]] ShortWay load_plic_register(HartContext& context, Vm& vm, std::uint64_t htinst,
                                              std::uint32_t offset) {
    return load_register({context, vm, htinst, offset}, Exit::mmio_plic, vm.controller.plic());
}
[[gnu::noinline]] ShortWay store_plic_register(HartContext& context, Vm& vm, std::uint64_t htinst,
                                               std::uint32_t offset) {
    return store_register({context, vm, htinst, offset}, Exit::mmio_plic, vm.controller.plic());
}

[[gnu::always_inline]] inline ShortWay load(const RegisterAccess& access) {
    return access.vm.controller.is_plic() ? load_plic_register(access.context, access.vm, access.htinst, access.offset)
                                          : load_register(access, Exit::mmio_aplic, access.vm.controller.aplic());
}
[[gnu::always_inline]] inline ShortWay store(const RegisterAccess& access) {
    return access.vm.controller.is_plic() ? store_plic_register(access.context, access.vm, access.htinst, access.offset)
                                          : store_register(access, Exit::mmio_aplic, access.vm.controller.aplic());
}

/// `carry_out` the access if it is to a register of the controller.
[[gnu::always_inline]] inline ShortWay if_register(HartContext& context, std::uint64_t htinst, auto carry_out) {
    auto& vm = *context.vm;
    const auto offset = offset_in(vm.registers);
    return offset < vm.registers.size ? carry_out({context, vm, htinst, static_cast<std::uint32_t>(offset)})
                                      : ShortWay::not_taken;
}

}  // namespace

extern "C" ShortWay register_access_entry(HartContext& context, std::uint64_t exception) {
    const auto htinst = arch::read<Csr::htinst>();
    if (exception == csr::cause::store_guest_page && is_transformed_sw(htinst)) {
        return if_register(context, htinst, [](const RegisterAccess& access) { return store(access); });
    }
    if (exception == csr::cause::load_guest_page && is_transformed_lw(htinst)) {
        return if_register(context, htinst, [](const RegisterAccess& access) { return load(access); });
    }
    return ShortWay::not_taken;
}

}  // namespace mullion::run
