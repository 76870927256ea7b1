// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Legacy extensions 0 to 8, for old kernels and simple guests. They ignore a6, preserve a1, and return
// an error in a0, or for two of them a value. Hart masks are in the guest's virtual memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/address.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/sbi/dbcn.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/ipi.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/rfence.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Calls `act(HartMask)` for each 64 harts of the guest's mask and returns a0. Bits beyond the guest's harts are
/// ignored: the chapter has no error for them. Address 0 means all harts, as kernels that use these calls expect. If
/// loading the mask faults, the guest takes the exception at the ECALL with a0 unchanged, and acts on the first words
/// repeat when it calls again.
template <SbiPort Port, class Act>
std::int64_t for_legacy_mask(const VCpu& self, Port& port, std::uint64_t mask, Act act) {
    if (mask == 0) {
        return act(HartMask{0, sbi_all_harts});
    }
    const std::uint64_t count = self.siblings.size();
    for (std::uint64_t first = 0; first < count; first += 64) {
        const auto bits = port.load_guest(Gva{mask + first / 8});
        if (!bits) {
            port.raise_at_call(bits.error());
            return static_cast<std::int64_t>(mask);
        }
        const auto harts = std::min<std::uint64_t>(count - first, 64);
        if (const auto error = act(HartMask{*bits & ~std::uint64_t{0} >> (64 - harts), first}); error != 0) {
            return error;
        }
    }
    return 0;
}

template <SbiPort Port>
std::int64_t legacy_fence(VCpu& self, Port& port, RfenceFunction function, const SbiCall& call) {
    return for_legacy_mask(self, port, call.a0, [&](HartMask harts) {
        return static_cast<std::int64_t>(
            sbi_rfence(harts.bits, harts.base, call.a1, call.a2, call.a3, self, function, port).error);
    });
}

template <SbiPort Port>
std::int64_t legacy_getchar(Port& port) {
    std::array<std::uint8_t, 1> byte{};
    return port.console_read(byte) == 1 ? byte[0] : -1;
}

/// Answers a call and returns a0.
template <SbiPort Port>
std::int64_t legacy_call(VCpu& self, Port& port, LegacyExtension extension, const SbiCall& call) {
    switch (extension) {
        case LegacyExtension::set_timer:
            port.set_timer(call.a0);
            return 0;
        case LegacyExtension::console_putchar:
            return console_write_byte(port, static_cast<std::uint8_t>(call.a0)) ? 0
                                                                                : static_cast<std::int64_t>(call.a0);
        case LegacyExtension::console_getchar:
            return legacy_getchar(port);
        case LegacyExtension::clear_ipi:
            return port.clear_software_interrupt() ? 1 : 0;
        case LegacyExtension::send_ipi:
            return for_legacy_mask(self, port, call.a0, [&](HartMask harts) {
                return static_cast<std::int64_t>(
                    sbi_ipi(harts.bits, harts.base, self, IpiFunction::send_ipi, port).error);
            });
        case LegacyExtension::remote_fence_i:
            return legacy_fence(self, port, RfenceFunction::remote_fence_i, call);
        case LegacyExtension::remote_sfence_vma:
            return legacy_fence(self, port, RfenceFunction::remote_sfence_vma, call);
        case LegacyExtension::remote_sfence_vma_asid:
            return legacy_fence(self, port, RfenceFunction::remote_sfence_vma_asid, call);
        case LegacyExtension::shutdown:
            port.end_guest({SrstType::shutdown, SrstReason::no_reason});
            return 0;
    }
    return static_cast<std::int64_t>(SbiError::not_supported);
}

template <SbiPort Port>
SbiResult sbi_legacy(VCpu& self, Port& port, const SbiCall& call) {
    const auto a0 = legacy_call(self, port, static_cast<LegacyExtension>(call.extension), call);
    return {static_cast<SbiError>(a0), call.a1};
}

template <SbiPort Port>
inline constexpr SbiRow<Port> legacy_row{static_cast<std::uint64_t>(LegacyExtension::set_timer),
                                         static_cast<std::uint64_t>(LegacyExtension::shutdown), Exit::sbi_legacy,
                                         sbi_legacy<Port>};

}  // namespace mullion
