// SPDX-License-Identifier: Apache-2.0
// Compares the PCI functions of the machine with those of the description, before any guest has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/description.hpp"
#include "core/pci_registers.hpp"
#include "core/text.hpp"
#include "vm/pci_host.hpp"
#include "vm/pci_rest.hpp"
#include "vm/pci_virtio.hpp"

namespace mullion::pci {

/// Begins a line with the function's name, as Linux writes it: bus:device.function.
constexpr Text name_of(std::uint8_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    return Text{} << "PCI function 00:" << digits[number >> 7] << digits[number >> 3 & 0xf] << '.'
                  << digits[number & 7];
}

/// Ends the function's DMA, whatever firmware left it doing. A bridge hands on nothing that comes from behind it.
template <WaitingPort Port>
constexpr std::optional<Text> quieten(std::uint8_t number, Port& port) {
    const auto own = port.load_pci(number, ids);
    if (own == no_function || port.load_pci(number, class_code) >> 16 == host_bridge_class) {
        return std::nullopt;
    }
    port.store_pci(number, command, 2, intx_disable);
    if (!is_virtio(own)) {
        return std::nullopt;
    }
    // One that does not offer ACCESS_PLATFORM uses addresses of the machine: what it was told is forgotten.
    const auto device = VirtioCommon<Port>::find(number, port);
    if (device) {
        device->reset();
    }
    if (!device || !port.await_pci([&] { return device->is_reset(); }, Reset<Port>::reset_time)) {
        return name_of(number) << " is a virtio device that cannot be reset: it may go on to do DMA around the IOMMU";
    }
    return std::nullopt;
}

/// Returns in which BAR the function differs, by its size or its kind. Requires: it does not answer at its BARs.
template <PciPort Port>
constexpr std::optional<std::size_t> wrong_bar(const PciFunction& function, Port& port) {
    const auto expected = bar_words(function);
    for (std::size_t slot = 0; slot < PciFunction::max_bars; ++slot) {
        const auto at = bar0 + static_cast<std::uint32_t>(slot) * 4;
        port.store_pci(function.number, at, 4, 0xffff'ffff);
        const auto is = port.load_pci(function.number, at);
        const bool is_left_out = expected.mask[slot] == 0 && (is & io_bar) != 0;
        if (is != expected.mask[slot] && !is_left_out) {
            return slot;
        }
    }
    return std::nullopt;
}

/// Returns what differs of a function that a guest is granted, and gives it the description's BARs.
template <PciPort Port>
constexpr std::optional<Text> check_function(const PciFunction& function, Port& port) {
    const auto number = function.number;
    const auto is = port.load_pci(number, ids);
    if (is != ids_of(function)) {
        auto line = name_of(number);
        return (line << " has the ids ").hex(is)
               << ", where the board file has " << Text{}.hex(ids_of(function)).view();
    }
    if ((port.load_pci(number, header_type) & layout) != 0) {
        return name_of(number) << " is a bridge";
    }
    const auto slot = wrong_bar(function, port);
    port.store_pci(number, rom, 4, 0);
    restore_bars(function, port);
    if (slot) {
        return name_of(number) << " has another BAR " << *slot << " than the board file";
    }
    const auto device = is_virtio(is) ? VirtioCommon<Port>::find(number, port) : std::nullopt;
    if (device && !device->offers_access_platform()) {
        return name_of(number) << " does DMA around the IOMMU: it does not offer VIRTIO_F_ACCESS_PLATFORM (with QEMU: "
                               << "-device ...,iommu_platform=on,disable-legacy=on)";
    }
    return std::nullopt;
}

}  // namespace mullion::pci
