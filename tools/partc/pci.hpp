// SPDX-License-Identifier: Apache-2.0
// Reads PCI host bridges and functions as the board's tree has them (PCI bus binding to Open Firmware, IEEE 1275;
// Linux, bindings/pci/pci-iommu.txt).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/description.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns the PCI host bridge that the node is below; null if there is none.
const Node* pci_host_above(const Node& node);

/// Returns whether the node is a host bridge with ECAM, and DMA of some function below it goes through the IOMMU.
bool is_host_bridge(const Tree& tree, const Node& node, const Node& iommu);

/// Returns the id by which the IOMMU knows DMA of a requester on the bridge; nothing if it does not get it.
std::optional<std::uint32_t> device_id_of(const Tree& tree, const Node& bridge, const Node& iommu,
                                          std::uint32_t requester);

/// Returns a function on bus 0 of `bridge`, or what follows its node's name in a message ("is a bridge ..."). Its
/// device id is left 0. Requires: the node is below the bridge.
std::expected<PciFunction, std::string> read_function(const Node& node, const Node& bridge);

/// Returns the memory that a function takes on the bus, its ROM included, as far as that can be read.
std::vector<HostRange> memory_of(const Node& node);

/// Formats a function's number as lspci does: "00:02.0".
std::string address_text(const PciFunction& function);

}  // namespace mullion::partc
