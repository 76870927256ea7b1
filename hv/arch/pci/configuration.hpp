// SPDX-License-Identifier: Apache-2.0
// Configuration space of bus 0 (PCI Express, "PCI Express Enhanced Configuration Access Mechanism").
#pragma once

#include <cstdint>

#include "arch/mmio.hpp"
#include "core/pci_registers.hpp"
#include "core/tables.hpp"

namespace mullion::arch {

inline Hpa pci_register(std::uint8_t function, std::uint32_t offset) {
    return description.board.pci.base + (std::uint64_t{function} * pci::function_bytes + offset);
}

/// Returns the word at `offset`, a multiple of 4; all ones where there is no function, or one that does not answer.
inline std::uint32_t load_pci(std::uint8_t function, std::uint32_t offset) {
    return load<std::uint32_t>(pci_register(function, offset));
}

/// Stores 1, 2 or 4 bytes at an offset that is a multiple of them. A load behind it returns what the store has done.
inline void store_pci(std::uint8_t function, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    const auto at = pci_register(function, offset);
    switch (bytes) {
        case 1:
            return store(at, static_cast<std::uint8_t>(value));
        case 2:
            return store(at, static_cast<std::uint16_t>(value));
        default:
            return store(at, value);
    }
}

}  // namespace mullion::arch
