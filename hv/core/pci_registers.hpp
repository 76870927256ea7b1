// SPDX-License-Identifier: Apache-2.0
// Names registers of a PCI function's configuration space, with a header of type 0, and of its capabilities (PCI
// Express Base Specification, "Configuration Space", "Power Management", "MSI and MSI-X").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"

namespace mullion::pci {

inline constexpr std::uint32_t function_bytes = 4096;  ///< configuration space of a function
inline constexpr std::uint32_t no_function = 0xffff'ffff;

// Offsets of words.
inline constexpr std::uint32_t ids = 0x00;
inline constexpr std::uint32_t command = 0x04;  ///< status in the upper half
inline constexpr std::uint32_t class_code = 0x08;
inline constexpr std::uint32_t header_type = 0x0c;  ///< in bits 23:16
inline constexpr std::uint32_t bar0 = 0x10;
inline constexpr std::uint32_t subsystem = 0x2c;
inline constexpr std::uint32_t rom = 0x30;
inline constexpr std::uint32_t capabilities = 0x34;  ///< offset of the first, in bits 7:0
inline constexpr std::uint32_t header_end = 0x40;
inline constexpr std::uint32_t extended = 0x100;

// Of command.
inline constexpr std::uint32_t memory_space = 1u << 1;
inline constexpr std::uint32_t bus_master = 1u << 2;
inline constexpr std::uint32_t parity_response = 1u << 6;
inline constexpr std::uint32_t serr = 1u << 8;
inline constexpr std::uint32_t intx_disable = 1u << 10;
// Of status.
inline constexpr std::uint32_t intx_status = 1u << 19;
inline constexpr std::uint32_t has_capabilities = 1u << 20;
inline constexpr std::uint32_t errors = 0xf900'0000;  ///< cleared by writing 1

inline constexpr std::uint32_t multi_function = 1u << 23;  ///< of header_type
inline constexpr std::uint32_t layout = 0x7f'0000;         ///< of header_type: 0 for a function that is no bridge

// Capabilities' ids.
inline constexpr std::uint8_t power_management = 0x01;
inline constexpr std::uint8_t msi = 0x05;
inline constexpr std::uint8_t vendor_specific = 0x09;
inline constexpr std::uint8_t express = 0x10;
inline constexpr std::uint8_t msi_x = 0x11;

// Of the capability `express`: offsets from its beginning.
inline constexpr std::uint32_t device_capabilities = 4;
inline constexpr std::uint32_t device_control = 8;  ///< device status in the upper half
inline constexpr std::uint32_t has_function_reset = 1u << 28;
inline constexpr std::uint32_t function_reset = 1u << 15;
inline constexpr std::uint32_t error_reporting = 0xf;
inline constexpr std::uint32_t device_errors = 0xf'0000;  ///< cleared by writing 1
inline constexpr std::uint32_t transactions_pending = 1u << 21;

// Of the capability `power_management`.
inline constexpr std::uint32_t power_control = 4;
inline constexpr std::uint32_t power_state = 3;  ///< 0: D0, 3: D3hot
inline constexpr std::uint32_t no_soft_reset = 1u << 3;

inline constexpr std::uint32_t host_bridge_class = 0x0600;  ///< of class_code, in bits 31:16
inline constexpr std::uint32_t io_bar = 1;                  ///< of a BAR's register: port addresses

/// Returns the low bits of a BAR's register, which tell what it is and do not change.
constexpr std::uint32_t kind_bits(const PciBar& bar) {
    return (bar.is_64_bit ? 4u : 0u) | (bar.is_prefetchable ? 8u : 0u);
}

/// Returns the word at `ids` of the function that the description has.
constexpr std::uint32_t ids_of(const PciFunction& function) {
    return function.vendor_id | std::uint32_t{function.product_id} << 16;
}

/// What the six registers of a function's BARs hold.
struct BarWords {
    std::array<std::uint32_t, PciFunction::max_bars> address{};  ///< where the description has them
    std::array<std::uint32_t, PciFunction::max_bars> mask{};     ///< when ones have been written to them
};

constexpr BarWords bar_words(const PciFunction& function) {
    BarWords words;
    for (std::size_t slot = 0; slot < PciFunction::max_bars; ++slot) {
        const auto& bar = function.bars[slot];
        if (!bar.exists()) {
            continue;
        }
        const auto mask = ~(bar.size - 1);
        words.address[slot] = static_cast<std::uint32_t>(bar.base.value) | kind_bits(bar);
        words.mask[slot] = static_cast<std::uint32_t>(mask) | kind_bits(bar);
        if (bar.is_64_bit) {
            words.address[slot + 1] = static_cast<std::uint32_t>(bar.base.value >> 32);
            words.mask[slot + 1] = static_cast<std::uint32_t>(mask >> 32);
        }
    }
    return words;
}

}  // namespace mullion::pci
