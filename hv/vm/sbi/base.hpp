// SPDX-License-Identifier: Apache-2.0
// SBI Base extension.
#pragma once

#include <cstdint>

#include "core/sbi.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

/// Every extension offered follows its chapter of this version.
inline constexpr std::uint64_t sbi_spec_version = sbi_version(3, 0);

/// "mullion" in ASCII. Registered ids are small numbers, given out in order (SBI Base, "SBI Implementation IDs");
/// Mullion has none of them.
inline constexpr std::uint64_t sbi_implementation_id = 0x6d756c6c696f6e;
inline constexpr std::uint64_t sbi_implementation_version = 1;

constexpr bool sbi_offers(SbiExtension id) {
    switch (id) {
        case SbiExtension::base:
        case SbiExtension::time:
        case SbiExtension::ipi:
        case SbiExtension::rfence:
        case SbiExtension::hsm:
        case SbiExtension::srst:
        case SbiExtension::dbcn:
        case SbiExtension::pmu:
        case SbiExtension::susp:
        case SbiExtension::sta:
        case SbiExtension::fwft:
        case SbiExtension::sse:
            return true;
    }
    return is_legacy(static_cast<std::uint64_t>(id));
}

/// Inlined, so that a call that only answers a number needs no stack frame. The version is what everybody asks for and
/// nobody has to look up: it measures what a call costs at least, and so it comes before the jump table.
template <SbiPort Port>
[[gnu::always_inline]] inline SbiResult sbi_base(Port& port, BaseFunction function, std::uint64_t extension) {
    if (function == BaseFunction::get_spec_version) {
        return {SbiError::success, sbi_spec_version};
    }
    switch (function) {
        case BaseFunction::get_impl_id:
            return {SbiError::success, sbi_implementation_id};
        case BaseFunction::get_impl_version:
            return {SbiError::success, sbi_implementation_version};
        case BaseFunction::probe_extension:
            return {SbiError::success, sbi_offers(static_cast<SbiExtension>(extension))};
        case BaseFunction::get_mvendorid:
            return {SbiError::success, port.machine_ids().vendor};
        case BaseFunction::get_marchid:
            return {SbiError::success, port.machine_ids().arch};
        case BaseFunction::get_mimpid:
            return {SbiError::success, port.machine_ids().impl};
        default:
            return {SbiError::not_supported};
    }
}

}  // namespace mullion
