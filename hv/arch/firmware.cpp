// SPDX-License-Identifier: Apache-2.0
#include "arch/firmware.hpp"

#include "arch/csr.hpp"
#include "arch/order.hpp"
#include "core/wait.hpp"

namespace mullion::arch::firmware {
namespace {

/// Calls the firmware. With an error the value is 0, whatever the firmware left there.
template <class Function>
SbiResult call(SbiExtension extension, Function function, std::uint64_t arg0 = 0, std::uint64_t arg1 = 0,
               std::uint64_t arg2 = 0, std::uint64_t arg3 = 0, std::uint64_t arg4 = 0) {
    register std::uint64_t a0 asm("a0") = arg0;
    register std::uint64_t a1 asm("a1") = arg1;
    register std::uint64_t a2 asm("a2") = arg2;
    register std::uint64_t a3 asm("a3") = arg3;
    register std::uint64_t a4 asm("a4") = arg4;
    register std::uint64_t a6 asm("a6") = static_cast<std::uint64_t>(function);
    register std::uint64_t a7 asm("a7") = static_cast<std::uint64_t>(extension);
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7) : "memory");
    const auto error = static_cast<SbiError>(a0);
    return {error, error == SbiError::success ? a1 : 0};
}

}  // namespace

SbiResult get_spec_version() {
    return call(SbiExtension::base, BaseFunction::get_spec_version);
}

SbiResult probe_extension(SbiExtension extension) {
    return call(SbiExtension::base, BaseFunction::probe_extension, static_cast<std::uint64_t>(extension));
}

SbiResult machine_vendor_id() {
    return call(SbiExtension::base, BaseFunction::get_mvendorid);
}

SbiResult machine_arch_id() {
    return call(SbiExtension::base, BaseFunction::get_marchid);
}

SbiResult machine_impl_id() {
    return call(SbiExtension::base, BaseFunction::get_mimpid);
}

SbiResult hart_start(HartId hart, Hpa entry) {
    order::before_firmware();
    return call(SbiExtension::hsm, HsmFunction::hart_start, static_cast<std::uint64_t>(hart), entry.value, 0);
}

SbiResult hart_status(HartId hart) {
    return call(SbiExtension::hsm, HsmFunction::hart_get_status, static_cast<std::uint64_t>(hart));
}

void set_timer(std::uint64_t time) {
    call(SbiExtension::time, TimeFunction::set_timer, time);
}

void send_ipi(HartId hart) {
    order::before_firmware();
    call(SbiExtension::ipi, IpiFunction::send_ipi, 1, static_cast<std::uint64_t>(hart));
}

SbiResult num_counters() {
    return call(SbiExtension::pmu, PmuFunction::num_counters);
}

SbiResult counter_info(std::uint64_t counter) {
    return call(SbiExtension::pmu, PmuFunction::counter_get_info, counter);
}

SbiResult configure_counter(CounterSet set, std::uint64_t flags, PmuEvent event) {
    return call(SbiExtension::pmu, PmuFunction::counter_config_matching, set.base, set.mask, flags, event.index,
                event.data);
}

SbiResult start_counters(CounterSet set, std::uint64_t flags, std::uint64_t value) {
    return call(SbiExtension::pmu, PmuFunction::counter_start, set.base, set.mask, flags, value);
}

SbiResult stop_counters(CounterSet set, std::uint64_t flags) {
    return call(SbiExtension::pmu, PmuFunction::counter_stop, set.base, set.mask, flags);
}

SbiResult feature(FwftFeature feature) {
    return call(SbiExtension::fwft, FwftFunction::get, static_cast<std::uint64_t>(feature));
}

SbiResult set_feature(FwftFeature feature, std::uint64_t value) {
    return call(SbiExtension::fwft, FwftFunction::set, static_cast<std::uint64_t>(feature), value);
}

void hart_stop() {
    order::before_firmware();
    call(SbiExtension::hsm, HsmFunction::hart_stop);
    await_nothing<Wait::nothing>(wait_for_interrupt);
}

void shutdown(bool failure) {
    order::before_firmware();
    call(SbiExtension::srst, SrstFunction::system_reset, static_cast<std::uint64_t>(SrstType::shutdown),
         static_cast<std::uint64_t>(failure ? SrstReason::system_failure : SrstReason::no_reason));
    await_nothing<Wait::nothing>(wait_for_interrupt);
}

}  // namespace mullion::arch::firmware
