// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Firmware Features extension. All its features are local to a hart, and a guest's hart never changes;
// so a feature is a field of that hart's henvcfg, or, for misaligned accesses, the firmware's delegation on it.
#pragma once

#include <cstdint>
#include <expected>

#include "core/henvcfg.hpp"
#include "core/sbi_numbers.hpp"
#include "rooms/fwft_port.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/vcpu.hpp"

namespace mullion {
namespace fwft {

/// Returns the bits of henvcfg behind a feature, 0 if there are none.
constexpr std::uint64_t field_of(FwftFeature feature) {
    switch (feature) {
        case FwftFeature::landing_pad:
            return henvcfg::lpe;
        case FwftFeature::shadow_stack:
            return henvcfg::sse;
        case FwftFeature::pte_ad_hw_updating:
            return henvcfg::adue;
        case FwftFeature::pointer_masking_pmlen:
            return henvcfg::pmm;
        case FwftFeature::misaligned_exc_deleg:
        case FwftFeature::double_trap:
            break;
    }
    return 0;
}

/// Returns success, or the error for a feature that does not exist; reserved and platform specific ones are denied.
inline SbiError find(const FirmwareFeatures& features, FwftFeature feature) {
    if (feature > FwftFeature::pointer_masking_pmlen) {
        return SbiError::denied;
    }
    const bool offered = feature == FwftFeature::misaligned_exc_deleg ? features.delegates_misaligned
                                                                      : (features.henvcfg & field_of(feature)) != 0;
    return offered ? SbiError::success : SbiError::not_supported;
}

/// Returns the field's contents for a value. For pointer masking the value is a minimum length; 7 and 16 exist.
constexpr std::expected<std::uint64_t, SbiError> encode(FwftFeature feature, std::uint64_t value) {
    if (feature == FwftFeature::pointer_masking_pmlen) {
        if (value > 16) {
            return std::unexpected{SbiError::invalid_param};
        }
        return value == 0 ? 0 : value <= 7 ? henvcfg::pmlen_7 : henvcfg::pmlen_16;
    }
    if (value > 1) {
        return std::unexpected{SbiError::invalid_param};
    }
    return value == 0 ? 0 : field_of(feature);
}

constexpr std::uint64_t decode(FwftFeature feature, std::uint64_t field) {
    if (feature == FwftFeature::pointer_masking_pmlen) {
        return field == henvcfg::pmlen_16 ? 16 : field == henvcfg::pmlen_7 ? 7 : 0;
    }
    return field != 0;
}

/// Writes a field; returns invalid_param, and restores the field, if the hart does not keep the value. A hart that
/// supports only the longer of two mask lengths uses that one.
template <FwftPort Port>
SbiError write_field(Port& port, FwftFeature feature, std::uint64_t contents) {
    const auto before = port.henvcfg();
    const auto others = before & ~field_of(feature);
    auto held = port.set_henvcfg(others | contents);
    if (held != (others | contents) && contents == henvcfg::pmlen_7) {
        contents = henvcfg::pmlen_16;
        held = port.set_henvcfg(others | contents);
    }
    if (held == (others | contents)) {
        return SbiError::success;
    }
    port.set_henvcfg(before);
    return SbiError::invalid_param;
}

template <FwftPort Port>
SbiError set(VCpu& self, Port& port, FwftFeature feature, std::uint64_t value, std::uint64_t flags) {
    constexpr std::uint64_t lock = 1;
    auto& features = self.firmware_features;
    const auto contents = encode(feature, value);
    if (!contents || (flags & ~lock) != 0) {
        return SbiError::invalid_param;
    }
    const auto mark = static_cast<std::uint8_t>(1U << static_cast<unsigned>(feature));
    if ((features.locked & mark) != 0) {
        return SbiError::denied_locked;
    }
    if (feature == FwftFeature::misaligned_exc_deleg) {
        if (!port.delegate_misaligned(value != 0)) {
            return SbiError::failed;
        }
        features.misaligned = value != 0;
    } else if (const auto error = write_field(port, feature, *contents); error != SbiError::success) {
        return error;
    }
    features.locked |= (flags & lock) != 0 ? mark : std::uint8_t{0};
    return SbiError::success;
}

template <FwftPort Port>
std::uint64_t get(const VCpu& self, Port& port, FwftFeature feature) {
    return feature == FwftFeature::misaligned_exc_deleg ? std::uint64_t{self.firmware_features.misaligned}
                                                        : decode(feature, port.henvcfg() & field_of(feature));
}

/// Sets the values that a hart starts with (chapter's table), and unlocks all features.
template <FwftPort Port>
void reset(VCpu& self, Port& port) {
    auto& features = self.firmware_features;
    if ((features.henvcfg & henvcfg::sse) != 0) {
        port.reset_shadow_stack();
    }
    port.set_henvcfg(port.henvcfg() & ~henvcfg::features);
    if (features.misaligned) {
        features.misaligned = !port.delegate_misaligned(false);
    }
    features.locked = 0;
}

}  // namespace fwft

/// Answers a call. Feature ids are 32 bits wide.
template <FwftPort Port>
SbiResult sbi_fwft(VCpu& self, Port& port, FwftFunction function, std::uint64_t feature_id, std::uint64_t value,
                   std::uint64_t flags) {
    if (function > FwftFunction::get) {
        return {SbiError::not_supported};
    }
    const auto feature = static_cast<FwftFeature>(static_cast<std::uint32_t>(feature_id));
    if (const auto error = fwft::find(self.firmware_features, feature); error != SbiError::success) {
        return {error};
    }
    if (function == FwftFunction::get) {
        return {SbiError::success, fwft::get(self, port, feature)};
    }
    self.has_settings.store(1, std::memory_order_seq_cst);
    return {fwft::set(self, port, feature, value, flags)};
}

template <FwftPort Port>
inline constexpr auto fwft_row = sbi_row<Port>(SbiExtension::fwft, Exit::sbi_fwft,
                                               [](VCpu& self, Port& port, const SbiCall& call) {
                                                   return sbi_fwft(self, port, static_cast<FwftFunction>(call.function),
                                                                   call.a0, call.a1, call.a2);
                                               });

}  // namespace mullion
