// SPDX-License-Identifier: Apache-2.0
// Answers the SBI System Reset extension. The system is the guest: other guests and the machine are not affected.
#pragma once

#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

/// Ends or restarts the guest. Reserved and vendor specific types and reasons are invalid (chapter's table of errors);
/// both are 32 bits wide.
template <SbiPort Port>
SbiResult sbi_srst(Port& port, SrstFunction function, std::uint64_t reset_type, std::uint64_t reset_reason) {
    if (function != SrstFunction::system_reset) {
        return {SbiError::not_supported};
    }
    const Ending ending{static_cast<SrstType>(static_cast<std::uint32_t>(reset_type)),
                        static_cast<SrstReason>(static_cast<std::uint32_t>(reset_reason))};
    if (ending.type > SrstType::warm_reboot || ending.reason > SrstReason::system_failure) {
        return {SbiError::invalid_param};
    }
    port.end_guest(ending);
    return {};
}

template <SbiPort Port>
inline constexpr auto srst_row = sbi_row<Port>(SbiExtension::srst, Exit::sbi_srst,
                                               [](VCpu&, Port& port, const SbiCall& call) {
                                                   return sbi_srst(port, static_cast<SrstFunction>(call.function),
                                                                   call.a0, call.a1);
                                               });

}  // namespace mullion
