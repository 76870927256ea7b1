// SPDX-License-Identifier: Apache-2.0
// Answers the SBI System Suspend extension. The system is the guest: its last hart waits here for any interrupt that
// the guest has left enabled.
#pragma once

#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "vm/guest_memory.hpp"
#include "vm/hart_states.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Suspends the guest. sleep_type is 32 bits wide. Whether all other harts are STOPPED (entry criterion of
/// SUSPEND_TO_RAM) is checked last, as that check keeps siblings from starting. On target it does not return if it
/// succeeds.
template <SbiPort Port>
SbiResult sbi_susp(VCpu& self, Port& port, SuspFunction function, std::uint64_t sleep_type, HartEntry resume) {
    if (function != SuspFunction::system_suspend) {
        return {SbiError::not_supported};
    }
    if (static_cast<SleepType>(static_cast<std::uint32_t>(sleep_type)) != SleepType::suspend_to_ram) {
        return {SbiError::invalid_param};
    }
    if (!is_entry(self.guest, resume.address)) {
        return {SbiError::invalid_address};
    }
    if (!hsm::is_alone(self)) {
        return {SbiError::denied};
    }
    port.suspend_system();
    hsm::allow_starts(self);
    port.resume_at(resume.address, self.index, resume.opaque);
    return {};
}

template <SbiPort Port>
inline constexpr auto susp_row =
    sbi_row<Port>(SbiExtension::susp, Exit::sbi_susp, [](VCpu& self, Port& port, const SbiCall& call) {
        return sbi_susp(self, port, static_cast<SuspFunction>(call.function), call.a0, {Gpa{call.a1}, call.a2});
    });

}  // namespace mullion
