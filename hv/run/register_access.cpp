// SPDX-License-Identifier: Apache-2.0
// The short way of the commonest access to an emulated device: LW or SW of a register of the guest's APLIC. What it
// does not take goes the long way (exits.cpp), which knows all accesses and all devices.
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

/// Where in the guest's APLIC the hart's access is; at least the APLIC's size where it is not in it, or not aligned.
[[gnu::always_inline]] inline std::uint64_t aplic_offset(const Vm& vm) {
    const auto at = arch::read<Csr::htval>() << 2;       // its last two bits are those of stval
    const auto offset = at - vm.guest.aplic.base.value;  // wraps around, and so is large, below the base
    return arch::read<Csr::stval>() % 4 == 0 ? offset : vm.guest.aplic.size;
}

[[gnu::always_inline]] inline void account(HartContext& context, std::uint64_t htinst) {
    context.vcpu->count(Exit::mmio_aplic);
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + transformed_length(htinst));
}

[[gnu::always_inline]] inline ShortWay load_register(HartContext& context, std::uint64_t htinst) {
    auto& vm = *context.vm;
    const auto offset = aplic_offset(vm);
    if (offset >= vm.guest.aplic.size) {
        return ShortWay::not_taken;
    }
    account(context, htinst);
    const auto value = [&] {
        const arch::LockGuard guard(vm.device_lock);
        return static_cast<std::int32_t>(vm.aplic.read(static_cast<std::uint32_t>(offset)));
    }();
    const auto reg = lw_destination(htinst);
    if (reg == 0) {
        return ShortWay::done;
    }
    context.gpr[reg] = static_cast<std::uint64_t>(std::int64_t{value});
    return arch::is_always_loaded(reg) ? ShortWay::done : ShortWay::load_all;
}

[[gnu::always_inline]] inline ShortWay store_register(HartContext& context, std::uint64_t htinst) {
    auto& vm = *context.vm;
    const auto offset = aplic_offset(vm);
    if (offset >= vm.guest.aplic.size) {
        return ShortWay::not_taken;
    }
    account(context, htinst);
    const arch::LockGuard guard(vm.device_lock);
    vm.aplic.write(static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(context.gpr[sw_source(htinst)]));
    return ShortWay::done;
}

}  // namespace

extern "C" ShortWay register_access_entry(HartContext& context, std::uint64_t exception) {
    const auto htinst = arch::read<Csr::htinst>();
    if (exception == csr::cause::store_guest_page && is_transformed_sw(htinst)) {
        return store_register(context, htinst);
    }
    if (exception == csr::cause::load_guest_page && is_transformed_lw(htinst)) {
        return load_register(context, htinst);
    }
    return ShortWay::not_taken;
}

}  // namespace mullion::run
