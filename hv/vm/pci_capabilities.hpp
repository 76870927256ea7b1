// SPDX-License-Identifier: Apache-2.0
// Finds the capabilities of a PCI function, in configuration space below 0x100.
#pragma once

#include <cstdint>
#include <optional>

#include "core/pci_registers.hpp"

namespace mullion::pci {

struct Capability {
    std::uint32_t at = 0;      ///< offset of its first word
    std::uint32_t header = 0;  ///< its first word

    constexpr std::uint8_t id() const { return static_cast<std::uint8_t>(header); }

    /// Returns how many bytes it has, 0 for one of another kind.
    constexpr std::uint32_t size() const {
        constexpr std::uint32_t msi_64_bit = 1u << 23;
        constexpr std::uint32_t msi_masks = 1u << 24;
        switch (id()) {
            case power_management:
                return 8;
            case msi:
                return 12u + ((header & msi_64_bit) != 0 ? 4u : 0u) + ((header & msi_masks) != 0 ? 8u : 0u);
            case vendor_specific:
                return header >> 16 & 0xff;
            case express:
                return (header >> 16 & 0xf) == 1 ? 20 : 60;  // by its version; one of an endpoint
            case msi_x:
                return 12;
            default:
                return 0;
        }
    }

    constexpr bool holds(std::uint32_t offset) const { return offset >= at && offset - at < size(); }
};

/// Calls `each(capability)` in the function's order until it returns true, and returns that one. `load(offset)` loads a
/// word of configuration space. A list that is a ring, or that leads elsewhere, ends.
template <class Load, class Each>
constexpr std::optional<Capability> find_capability(Load load, Each each) {
    constexpr unsigned most = (extended - header_end) / 4;
    constexpr std::uint32_t offset_bits = 0xfc;  // "Capabilities Pointer": the two below are reserved
    auto at = (load(command) & has_capabilities) != 0 ? load(capabilities) & offset_bits : 0;
    for (unsigned n = 0; n < most && at >= header_end; ++n) {
        const Capability found{at, load(at)};
        if (each(found)) {
            return found;
        }
        at = found.header >> 8 & offset_bits;
    }
    return std::nullopt;
}

}  // namespace mullion::pci
