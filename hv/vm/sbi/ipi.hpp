// SPDX-License-Identifier: Apache-2.0
// SBI IPI extension.
#pragma once

#include "core/sbi.hpp"
#include "vm/hsm.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// A stopped hart has nothing to interrupt and starts with nothing pending, so it gets none; a hart that is about to
/// start gets its interrupt when it has started. Apart from the calls that only look or set something, so that those
/// save no registers for it.
template <SbiPort Port>
[[gnu::noinline]] SbiResult sbi_ipi(VCpu& self, Port& port, IpiFunction function, HartMask harts) {
    if (function != IpiFunction::send_ipi) {
        return {SbiError::not_supported};
    }
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

}  // namespace mullion
