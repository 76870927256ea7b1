// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for a guest's PCI functions.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/address.hpp"
#include "core/check_board.hpp"
#include "core/check_earlier.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"
#include "core/kept.hpp"

namespace mullion::law {

/// Returns whether the registers of a function's BARs hold the BAR at `slot`: a power of two, aligned to itself, below
/// 4 GiB if the register has 32 bits, and with the next register free for the upper half if it has 64.
constexpr bool is_valid_bar(const PciFunction& function, std::size_t slot) {
    constexpr std::uint64_t least = 16;  // lower bits of the register tell the kind
    constexpr std::uint64_t end_of_32_bits = std::uint64_t{1} << 32;
    const auto& bar = function.bars[slot];
    if (bar.size < least || !std::has_single_bit(bar.size) || !is_aligned(bar.base.value, bar.size)) {
        return false;
    }
    if (!bar.is_64_bit) {
        return fits(bar.base.value, bar.size, end_of_32_bits);
    }
    return slot + 1 < PciFunction::max_bars && !function.bars[slot + 1].exists();
}

/// Checks one guest's functions, and calls `found(Finding)` for each breach.
template <class Found>
class PciCheck {
 public:
    constexpr PciCheck(const Description& description, std::uint32_t guest, Found& found)
        : d_(description), guest_(description.guests[guest]), index_(guest), found_(found) {}

    constexpr void all() {
        if (guest_.device(DeviceKind::pci_host).exists() == guest_.functions.empty()) {
            tell(Rule::pci_host_missing);
        }
        if (guest_.functions.empty()) {
            return;
        }
        const auto& board = d_.board;
        if (!board.pci.exists() || !board.iommu.exists() || !board.imsic.exists()) {
            return tell(Rule::function_without_iommu);
        }
        for (std::size_t i = 0; i < guest_.functions.size(); ++i) {
            function(i);
            for (std::size_t slot = 0; slot < PciFunction::max_bars; ++slot) {
                bar(i, slot);
            }
        }
        memory();
    }

 private:
    constexpr void tell(Rule rule, std::size_t item = 0, std::size_t other_guest = 0, std::size_t other = 0) {
        found_(Finding{rule, index_, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(other_guest),
                       static_cast<std::uint32_t>(other)});
    }

    constexpr void function(std::size_t item) {
        constexpr std::uint32_t end_of_ids = 1 << 24;       // RISC-V IOMMU, "Device-Directory-Table": at most 24 bits
        constexpr std::uint8_t function_in_device = 0b111;  // of PciFunction::number
        const auto& self = guest_.functions[item];
        if (self.device_id >= end_of_ids) {
            tell(Rule::function_id_too_wide, item);
        }
        const auto first = static_cast<std::uint8_t>(self.number & ~function_in_device);
        if (std::ranges::find(guest_.functions, first, &PciFunction::number) == guest_.functions.end()) {
            tell(Rule::function_unfound, item);
        }
        for_each_earlier(d_, index_, item, &Guest::functions,
                         [&](const PciFunction& other, std::uint32_t g, std::size_t k) {
                             if (other.number == self.number || other.device_id == self.device_id) {
                                 tell(Rule::function_taken, item, g, k);
                             }
                         });
    }

    constexpr void bar(std::size_t item, std::size_t slot) {
        const auto& function = guest_.functions[item];
        const auto& bar = function.bars[slot];
        if (!bar.exists()) {
            return;
        }
        if (!is_valid_bar(function, slot)) {
            return tell(Rule::bar_invalid, item, 0, slot);
        }
        const HostRange range{bar.base, bar.size};
        const auto holds = [&](const HostRange& window) { return window.contains(range.base, range.size); };
        if (!std::ranges::any_of(d_.board.pci.windows, holds)) {
            tell(Rule::bar_outside, item, 0, slot);
        }
        const auto pages = pages_of(range);
        const auto grants = [&](const Window& w) {
            return w.kind == WindowKind::device && w.rights == Rights::rw && w.at.value == w.to.value &&
                   w.host().contains(pages.base, pages.size);
        };
        if (!std::ranges::any_of(guest_.windows, grants)) {
            tell(Rule::bar_not_granted, item, 0, slot);
        }
    }

    /// Reports what the guest would have a function reach at an address that the bus takes for a BAR's: the access goes
    /// there, and not to the IOMMU.
    constexpr void memory() {
        for (std::size_t i = 0; i < guest_.windows.size(); ++i) {
            const auto& w = guest_.windows[i];
            const auto meets = [&](const HostRange& window) { return window.overlaps({{w.at.value}, w.size}); };
            if (w.kind != WindowKind::device && std::ranges::any_of(d_.board.pci.windows, meets)) {
                tell(Rule::memory_on_bus, i);
            }
        }
    }

    const Description& d_;
    const Guest& guest_;
    const std::uint32_t index_;
    Found& found_;
};

}  // namespace mullion::law
