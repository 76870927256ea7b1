// SPDX-License-Identifier: Apache-2.0
#include "arch/firmware.hpp"

#include "arch/csr.hpp"

namespace mullion::arch::firmware {
namespace {

enum class Eid : std::uint64_t { base = 0x10, hsm = 0x48534d, srst = 0x53525354 };

Result call(Eid extension, std::uint64_t function, std::uint64_t arg0 = 0, std::uint64_t arg1 = 0,
            std::uint64_t arg2 = 0) {
    register std::uint64_t a0 asm("a0") = arg0;
    register std::uint64_t a1 asm("a1") = arg1;
    register std::uint64_t a2 asm("a2") = arg2;
    register std::uint64_t a6 asm("a6") = function;
    register std::uint64_t a7 asm("a7") = static_cast<std::uint64_t>(extension);
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return {static_cast<std::int64_t>(a0), a1};
}

}  // namespace

Result get_spec_version() {
    return call(Eid::base, 0);
}

Result probe_extension(std::uint64_t extension) {
    return call(Eid::base, 3, extension);
}

Result machine_vendor_id() {
    return call(Eid::base, 4);
}

Result machine_arch_id() {
    return call(Eid::base, 5);
}

Result machine_impl_id() {
    return call(Eid::base, 6);
}

Result hart_start(HartId hart, Hpa entry) {
    return call(Eid::hsm, 0, static_cast<std::uint64_t>(hart), entry.value, 0);
}

Result hart_status(HartId hart) {
    return call(Eid::hsm, 2, static_cast<std::uint64_t>(hart));
}

void hart_stop() {
    call(Eid::hsm, 1);
    for (;;) {
        wait_for_interrupt();
    }
}

void shutdown(bool failure) {
    call(Eid::srst, 0, 0, failure ? 1 : 0);
    for (;;) {
        wait_for_interrupt();
    }
}

}  // namespace mullion::arch::firmware
