// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Base extension.
#pragma once

#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "vm/sbi/extension.hpp"

namespace mullion {

/// The version whose chapters all offered extensions follow.
inline constexpr std::uint64_t sbi_spec_version = sbi_version(3, 0);

/// "mullion" in ASCII. Registered ids are small numbers in order (SBI Base, "SBI Implementation IDs"); Mullion is not
/// registered.
inline constexpr std::uint64_t sbi_implementation_id = 0x6d756c6c696f6e;
inline constexpr std::uint64_t sbi_implementation_version = 1;

template <SbiTablePort Port>
SbiResult sbi_base(Port& port, BaseFunction function, std::uint64_t extension) {
    switch (function) {
        case BaseFunction::get_spec_version:
            return {SbiError::success, sbi_spec_version};
        case BaseFunction::get_impl_id:
            return {SbiError::success, sbi_implementation_id};
        case BaseFunction::get_impl_version:
            return {SbiError::success, sbi_implementation_version};
        case BaseFunction::probe_extension:
            return {SbiError::success, sbi_offers(port, extension)};
        case BaseFunction::get_mvendorid:
            return {SbiError::success, port.machine_ids().vendor};
        case BaseFunction::get_marchid:
            return {SbiError::success, port.machine_ids().arch};
        case BaseFunction::get_mimpid:
            return {SbiError::success, port.machine_ids().impl};
    }
    return {SbiError::not_supported};
}

template <SbiTablePort Port>
inline constexpr auto base_row = sbi_row<Port>(SbiExtension::base, Exit::sbi_base,
                                               [](VCpu&, Port& port, const SbiCall& call) {
                                                   return sbi_base(port, static_cast<BaseFunction>(call.function),
                                                                   call.a0);
                                               });

}  // namespace mullion
