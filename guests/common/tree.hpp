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

/// A node that has registers and says by `compatible` what it is.
struct Device : Region {
    std::uint32_t source = 0;  ///< of its interrupt; 0: none
    std::span<const std::byte> compatible{};
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
    std::array<Device, 32> devices{};  ///< in the order of the tree; what is more is left out
    std::size_t num_devices = 0;
    Device uart;                      ///< one of them, which guests print by
    Device rtc;                       ///< one of them, which many are granted
    Region tree;                      ///< where the tree itself is
    Region tree_room;                 ///< free bytes at its end
    std::span<const std::byte> seed;  ///< /chosen/rng-seed
    Region aplic;                     ///< supervisor-level domain
    std::uint32_t aplic_sources = 0;
    Region imsic;  ///< supervisor-level interrupt files
    std::uint64_t imsic_stride = 4096;
    std::uint32_t imsic_ids = 0;  ///< highest identity
    Region plic;
    std::uint32_t plic_sources = 0;
    std::array<std::uint32_t, max_harts> plic_contexts{};  ///< of each hart's S-mode

    /// Returns the first device that `compatible` stands for; one of size 0 where there is none.
    Device device(std::string_view compatible) const;
    /// Returns whether a device interrupts by it.
    bool has_source(std::uint32_t source) const;

    /// Returns whether the harts have an extension of more than one letter.
    bool has_extension(std::string_view name) const;
    bool has_floats() const;
    bool has_vectors() const;

    /// Returns the controller where a hart's external interrupts are claimed. It is no memory.
    const Region& interrupt_controller() const { return imsic.size != 0 ? imsic : plic; }
    std::span<const Region> windows() const { return std::span{memory}.first(memories); }
    /// Returns whether the address is in one of them.
    bool has_memory(std::uint64_t address) const;
    std::span<const Device> all_devices() const { return std::span{devices}.first(num_devices); }
};

/// Reads the flattened tree at `address`. Nodes whose status is "disabled" and machine-level interrupt controllers are
/// left out.
Machine read_tree(std::uint64_t address);

}  // namespace guest
