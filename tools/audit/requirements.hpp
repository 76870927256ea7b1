// SPDX-License-Identifier: Apache-2.0
// Reads what a description asks for from its tree alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "range.hpp"
#include "reserved.hpp"
#include "tree.hpp"

namespace mullion::audit {

/// Configuration space of a bus, in bytes (PCI Express, "Enhanced Configuration Access Mechanism").
inline constexpr std::uint64_t bus_size = 1 << 20;

/// Addresses [at, at + size) must lead to [to, to + size) with exactly these rights.
struct Piece {
    std::string what;
    std::uint64_t at = 0;
    std::optional<std::uint64_t> to;  ///< nothing for memory that the compiler may place
    std::uint64_t size = 0;
    std::uint8_t rights = 0;
    bool is_shared = false;  ///< a channel's
};

/// Host addresses of a hart's interrupt files, a page each.
struct Files {
    std::uint64_t supervisor = 0;
    std::uint64_t guest = 0;  ///< the hart's first guest interrupt file
};

/// A wire to the board's APLIC or PLIC.
struct WiredSource {
    std::uint64_t number = 0;
    std::uint64_t mode = 0;  ///< SM of AIA, "WiredSource configurations", 4 to 7; 6 (active high) for a PLIC

    auto operator<=>(const WiredSource&) const = default;
};

struct Hart {
    std::string name;
    std::uint64_t id = 0;
    std::optional<Files> files;  ///< only with an IMSIC
    std::uint64_t context = 0;   ///< without an IMSIC: PLIC context, or hart index of the APLIC
};

/// A kind of emulated device that a partition asks for by a property.
struct EmulatedKind {
    std::uint64_t number = 0;  ///< in the image (DeviceKind)
    std::string_view property;

    bool operator==(const EmulatedKind&) const = default;
};
inline constexpr std::array emulated_kinds{EmulatedKind{3, "watchdog"}};
/// What a guest with functions has besides.
inline constexpr EmulatedKind pci_host{4, "PCI host bridge"};

/// A memory BAR: its number, by the register's place in the header, and its addresses.
struct Bar {
    std::uint64_t number = 0;
    Range range;

    bool operator==(const Bar&) const = default;
};

/// A PCI function of a guest's.
struct Function {
    std::string name;
    std::uint64_t device_id = 0;  ///< by which the IOMMU knows it
    std::uint64_t number = 0;     ///< device and function, on bus 0
    std::vector<Bar> bars{};      ///< in ascending order of numbers
};

struct Guest {
    std::string name;
    std::vector<std::uint64_t> harts;  ///< physical hart ids; the position is the guest's hart id
    std::vector<Piece> memory;
    std::vector<Piece> devices;
    std::vector<Piece> channels{};         ///< of which it is one
    std::vector<Piece> interrupt_files;    ///< one for each hart, in their order; none without an IMSIC
    std::vector<WiredSource> sources{};    ///< of its devices, in ascending order
    bool dma_allowed = false;              ///< its devices may do DMA
    std::vector<EmulatedKind> emulated{};  ///< asked for, in the order of emulated_kinds; then pci_host
    std::vector<Function> functions{};     ///< whose BARs are among `devices`
    Range uart{0x1000'0000, 0x100};  ///< its emulated one, at this default unless the description gives another place

    /// Returns all pieces, in ascending order of `at`.
    std::vector<Piece> pieces() const;
};

struct Requirements {
    std::vector<Hart> harts;
    std::vector<Range> ram;
    std::vector<NamedRange> reserved;  ///< the firmware's memory, and what else no guest may have
    Range uart;                        ///< in whole pages
    NamedRange controller;             ///< the APLIC or PLIC, in whole pages
    Range uart_registers;
    Range controller_registers;
    WiredSource uart_source;
    std::optional<NamedRange> iommu{};  ///< in whole pages, if the board has one
    std::optional<NamedRange> pci{};    ///< configuration space of the bridge before it, if there is one
    bool has_imsic = false;
    std::vector<Guest> guests;
};

/// Reads everything. Throws Error if the tree lacks something.
Requirements read_requirements(const Tree& tree);

}  // namespace mullion::audit
