// SPDX-License-Identifier: Apache-2.0
// Answers the SBI IPI extension.
#pragma once

#include "core/sbi_numbers.hpp"
#include "vm/hart_states.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Interrupts any harts of the guest. STOPPED harts get nothing, as they start with nothing pending; harts with a
/// pending start get it once STARTED.
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

/// Answers a call; an IPI to only the calling hart is the fast path. Not inlined, so that simple calls save no
/// registers for it.
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
