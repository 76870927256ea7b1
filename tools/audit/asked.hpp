// SPDX-License-Identifier: Apache-2.0
// What a description asks for, worked out from its tree alone.
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

/// Addresses [at, at + size) lead to [to, to + size) with exactly these rights.
struct Piece {
    std::string what;
    std::uint64_t at = 0;
    std::optional<std::uint64_t> to;  ///< nothing: memory, whose place is the compiler's choice
    std::uint64_t size = 0;
    std::uint8_t rights = 0;
};

/// Host addresses of pages.
struct Files {
    std::uint64_t supervisor = 0;
    std::uint64_t guest = 0;  ///< the hart's first guest interrupt file
};

/// A wire to the board's APLIC or PLIC.
struct Source {
    std::uint64_t number = 0;
    std::uint64_t mode = 0;  ///< AIA, "Source configurations": SM, 4 to 7; 6 (active high) of a PLIC's

    auto operator<=>(const Source&) const = default;
};

struct Hart {
    std::string name;
    std::uint64_t id = 0;
    std::optional<Files> files;  ///< where the board has an IMSIC
    std::uint64_t context = 0;   ///< where it has none: of the PLIC, or the hart index of the APLIC
};

/// A kind of emulated device that a partition asks for by a property.
struct EmulatedKind {
    std::uint64_t number = 0;  ///< in the image (DeviceKind)
    std::string_view property;

    bool operator==(const EmulatedKind&) const = default;
};
inline constexpr std::array emulated_kinds{EmulatedKind{3, "watchdog"}};

struct Guest {
    std::string name;
    std::vector<std::uint64_t> harts;  ///< hart ids; position = the guest's own hart id
    std::vector<Piece> memory;
    std::vector<Piece> devices;
    std::vector<Piece> interrupt_files;    ///< one for each hart, in their order; none without an IMSIC
    std::vector<Source> sources{};         ///< of its devices, in ascending order
    bool dma_allowed = false;              ///< its devices may master the bus
    std::vector<EmulatedKind> emulated{};  ///< asked for, in the order of emulated_kinds
    Range uart{0x1000'0000, 0x100};        ///< its emulated one, unless the description says where else

    /// All of them, in ascending order of `at`.
    std::vector<Piece> pieces() const;
};

struct Asked {
    std::vector<Hart> harts;
    std::vector<Range> ram;
    std::vector<NamedRange> reserved;  ///< the firmware's, and what else is nobody's
    Range uart;                        ///< in whole pages, as the next
    NamedRange controller;             ///< of the wired interrupts: the APLIC, or the PLIC
    Range uart_registers;
    Range controller_registers;
    Source uart_source;
    bool has_imsic = false;
    std::vector<Guest> guests;
};

/// Throws Error where the tree does not say it.
Asked read_asked(const Tree& tree);

}  // namespace mullion::audit
