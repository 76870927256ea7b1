// SPDX-License-Identifier: Apache-2.0
// Reads what these guests need from their device tree (Devicetree specification 0.4, chapter 5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace guest {

struct Region {
    std::uint64_t base = 0;
    std::uint64_t size = 0;

    constexpr std::uint64_t end() const { return base + size; }
    constexpr bool contains(std::uint64_t address) const { return address - base < size; }
};

inline constexpr std::size_t max_harts = 8;

/// What the tree says; a size is 0 if it has no such thing.
struct Machine {
    std::string_view bootargs;
    std::uint64_t ticks_per_second = 0;
    std::size_t harts = 0;  ///< hart ids 0 .. harts - 1
    std::string_view isa;   ///< riscv,isa of one of them
    std::array<Region, 8> memory{};
    std::size_t memories = 0;
    Region uart;
    std::uint32_t uart_source = 0;
    Region tree;                      ///< where the tree itself is
    Region tree_room;                 ///< free bytes at its end
    std::span<const std::byte> seed;  ///< /chosen/rng-seed
    Region rtc;
    std::uint32_t rtc_source = 0;
    Region watchdog;  ///< size 0: none
    std::uint32_t watchdog_source = 0;
    Region aplic;  ///< supervisor-level domain
    std::uint32_t aplic_sources = 0;
    Region imsic;  ///< supervisor-level interrupt files
    std::uint64_t imsic_stride = 4096;
    std::uint32_t imsic_ids = 0;  ///< highest identity
    Region plic;
    std::uint32_t plic_sources = 0;
    std::array<std::uint32_t, max_harts> plic_contexts{};  ///< of each hart's S-mode

    /// Returns whether the harts have an extension of more than one letter.
    bool has_extension(std::string_view name) const;
    bool has_floats() const;
    bool has_vectors() const;

    /// Returns the controller where a hart's external interrupts are claimed. It is no memory.
    const Region& interrupt_controller() const { return imsic.size != 0 ? imsic : plic; }
    std::span<const Region> windows() const { return std::span{memory}.first(memories); }
};

/// Reads the flattened tree at `address`. Nodes whose status is "disabled" and machine-level interrupt controllers are
/// left out.
Machine read_tree(std::uint64_t address);

}  // namespace guest
