// SPDX-License-Identifier: Apache-2.0
// SBI IPI extension.
#pragma once

#include "core/sbi_numbers.hpp"
#include "vm/hart_states.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// A stopped hart has nothing to interrupt and starts with nothing pending, so it gets none; a hart that is about to
/// start gets its interrupt when it has started.
template <SbiPort Port>
[[gnu::noinline, gnu::hot]] SbiResult sbi_remote_ipi(VCpu& self, Port& port, HartMask harts) {
    if (!harts.valid_for(self.siblings.size())) {
        return {SbiError::invalid_param};
    }
    harts.for_each(self.siblings, [&](VCpu& target) {
        if (hsm::takes_interrupts(target)) {
            if (&target != &self) {
                count_message(self, target, FirmwareEvent::ipi_sent);
            }
            port.raise_software_interrupt(target);
        }
    });
    return {};
}

/// Apart from the calls that only look or set something, so that those save no registers for it; as are interrupts of
/// others than the calling hart, which is always started.
template <SbiPort Port>
[[gnu::noinline, gnu::hot]] SbiResult sbi_ipi(std::uint64_t mask, std::uint64_t mask_base, VCpu& self,
                                              IpiFunction function, Port& port) {
    if (function != IpiFunction::send_ipi) {
        return {SbiError::not_supported};
    }
    const HartMask harts{mask, mask_base};
    if (!harts.is_only(self.index)) {
        return sbi_remote_ipi(self, port, harts);
    }
    port.raise_software_interrupt(self);
    return {};
}

}  // namespace mullion
