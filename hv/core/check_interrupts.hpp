// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for a guest's interrupt controller and its sources.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/aplic_registers.hpp"
#include "core/check_earlier.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"
#include "core/plic_registers.hpp"

namespace mullion::law {

/// Checks one guest's controller and sources, and calls `found(Finding)` for each breach.
template <class Found>
class InterruptCheck {
 public:
    constexpr InterruptCheck(const Description& description, std::uint32_t guest, Found& found)
        : d_(description),
          guest_(description.guests[guest]),
          num_sources_(guest_.controller().parameter),
          index_(guest),
          found_(found) {}

    constexpr void all() {
        controller();
        if (num_sources_ == 0 || num_sources_ > max_source) {
            return tell(Rule::too_many_sources);
        }
        for (std::size_t i = 0; i < guest_.devices.size(); ++i) {
            virtual_source(i);
        }
        for (std::size_t i = 0; i < guest_.sources.size(); ++i) {
            source(i);
        }
    }

 private:
    constexpr void tell(Rule rule, std::size_t item = 0, std::size_t other_guest = 0, std::size_t other = 0) {
        found_(Finding{rule, index_, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(other_guest),
                       static_cast<std::uint32_t>(other)});
    }

    /// Checks that the guest's controller fits the board's: a guest's APLIC sends MSIs, which only interrupt files
    /// receive.
    constexpr void controller() {
        const bool has_files = d_.board.imsic.exists();
        const auto plic = guest_.device(DeviceKind::plic);
        if (guest_.device(DeviceKind::aplic).exists() != has_files || plic.exists() == has_files) {
            tell(Rule::wrong_controller);
        }
        const auto harts = guest_.harts.size();
        if (plic.exists() &&
            (harts > plic::max_contexts / plic::contexts_of_hart || plic.size < plic::size_for_harts(harts))) {
            tell(Rule::contexts_outside_plic);
        }
    }

    constexpr bool is_granted(std::uint32_t source) const {
        return std::ranges::find(guest_.sources, source, &Source::number) != guest_.sources.end();
    }

    /// Checks the source of an emulated device. A granted source that is also the UART's is reported at the granted
    /// device.
    constexpr void virtual_source(std::size_t item) {
        const auto& device = guest_.devices[item];
        if (!has_wire(device.kind)) {
            return;
        }
        const auto before = guest_.devices.first(item);
        const bool is_taken = std::ranges::find(before, device.source, &VirtualDevice::source) != before.end() ||
                              (device.kind != DeviceKind::uart16550 && is_granted(device.source));
        if (device.source == 0 || device.source > num_sources_ || is_taken) {
            tell(Rule::virtual_source_invalid, item);
        }
    }

    constexpr void source(std::size_t item) {
        const auto number = guest_.sources[item].number;
        if (number == 0 || number > num_sources_ || number > d_.board.num_sources()) {
            tell(Rule::source_invalid, item);
        }
        if (number == d_.board.console.source || number == guest_.device(DeviceKind::uart16550).source) {
            tell(Rule::source_is_uarts, item);
        }
        for_each_earlier(d_, index_, item, &Guest::sources, [&](const Source& other, std::uint32_t g, std::size_t k) {
            if (other.number == number) {
                tell(Rule::source_taken, item, g, k);
            }
        });
    }

    const Description& d_;
    const Guest& guest_;
    const std::uint32_t num_sources_;
    const std::uint32_t index_;
    Found& found_;
};

}  // namespace mullion::law
