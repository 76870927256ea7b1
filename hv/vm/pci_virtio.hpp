// SPDX-License-Identifier: Apache-2.0
// Reaches the common configuration of a virtio device on PCI through its configuration space, so that no BAR needs to
// be mapped (virtio 1.2, 4.1.4.3 "Common configuration structure layout", 4.1.4.9 "PCI configuration access
// capability").
#pragma once

#include <cstdint>
#include <optional>

#include "core/description.hpp"
#include "core/pci_registers.hpp"
#include "vm/pci_capabilities.hpp"
#include "vm/pci_host.hpp"

namespace mullion::pci {

/// Returns whether a function with this word at `ids` is a virtio device (4.1.2 "PCI Device Discovery").
constexpr bool is_virtio(std::uint32_t word) {
    constexpr std::uint32_t vendor = 0x1af4;
    constexpr std::uint32_t first = 0x1000, last = 0x107f;
    return (word & 0xffff) == vendor && word >> 16 >= first && word >> 16 <= last;
}

template <PciPort Port>
class VirtioCommon {
 public:
    /// Returns nothing for a device without either structure: one of before virtio 1.0.
    static constexpr std::optional<VirtioCommon> find(std::uint8_t function, Port& port) {
        constexpr std::uint8_t common_type = 1, access_type = 5;
        const auto load = [&](std::uint32_t at) { return port.load_pci(function, at); };
        const auto of_type = [&](std::uint8_t type) {
            return find_capability(load, [type](const Capability& found) {
                return found.id() == vendor_specific && found.header >> 24 == type;
            });
        };
        const auto common = of_type(common_type);
        const auto access = of_type(access_type);
        if (!common || !access) {
            return std::nullopt;
        }
        return VirtioCommon{function, port, access->at, load(common->at + bar) & 0xff, load(common->at + offset)};
    }

    /// Returns whether the device's DMA goes through the IOMMU: feature 33, VIRTIO_F_ACCESS_PLATFORM.
    constexpr bool offers_access_platform() const {
        constexpr std::uint32_t upper_half = 1, bit_in_half = 1u << 1;
        store(device_feature_select, 4, upper_half);
        return (load(device_feature, 4) & bit_in_half) != 0;
    }

    /// Resets the device, which it has done once is_reset().
    constexpr void reset() const { store(device_status, 1, 0); }
    constexpr bool is_reset() const { return (load(device_status, 1) & 0xff) == 0; }

 private:
    // Of struct virtio_pci_cap, and of virtio_pci_cfg_cap behind it.
    static constexpr std::uint32_t bar = 4, offset = 8, length = 12, data = 16;
    // Of struct virtio_pci_common_cfg.
    static constexpr std::uint32_t device_feature_select = 0x00, device_feature = 0x04, device_status = 0x14;

    constexpr VirtioCommon(std::uint8_t function, Port& port, std::uint32_t access, std::uint32_t in_bar,
                           std::uint32_t at)
        : function_(function), port_(port), access_(access), in_bar_(in_bar), at_(at) {}

    constexpr void choose(std::uint32_t field, std::uint32_t bytes) const {
        port_.store_pci(function_, access_ + bar, 1, in_bar_);
        port_.store_pci(function_, access_ + offset, 4, at_ + field);
        port_.store_pci(function_, access_ + length, 4, bytes);
    }
    constexpr std::uint32_t load(std::uint32_t field, std::uint32_t bytes) const {
        choose(field, bytes);
        return port_.load_pci(function_, access_ + data);
    }
    constexpr void store(std::uint32_t field, std::uint32_t bytes, std::uint32_t value) const {
        choose(field, bytes);
        port_.store_pci(function_, access_ + data, bytes, value);
    }

    std::uint8_t function_;
    Port& port_;
    std::uint32_t access_;
    std::uint32_t in_bar_;
    std::uint32_t at_;
};

}  // namespace mullion::pci
