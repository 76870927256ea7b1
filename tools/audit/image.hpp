// SPDX-License-Identifier: Apache-2.0
// mullion.elf as the machine sees it once it is loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "range.hpp"

namespace mullion::audit {

/// Rights, with the bits of a page table entry.
inline constexpr std::uint8_t readable = 2;
inline constexpr std::uint8_t writable = 4;
inline constexpr std::uint8_t executable = 8;

struct Segment {
    Range range;
    std::uint8_t rights = 0;
    std::vector<std::uint8_t> bytes;  ///< what the file gives; the rest of the range is zero
};

struct Section {
    std::string name;
    Range range;
};

struct Symbol {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
};

struct Image {
    std::vector<Segment> segments;  ///< in ascending order, disjoint
    std::vector<Section> sections;  ///< those that take memory; in ascending order
    std::map<std::string, Symbol> symbols;
    std::uint64_t entry = 0;
    std::vector<std::uint8_t> fields;  ///< section .fields, which takes no memory: where constants have what

    /// Where `range` lies whole; nullptr if nowhere.
    const Segment* segment_of(const Range& range) const;

    /// The 64-bit word at an address that is a multiple of 8, if it is part of a segment.
    std::optional<std::uint64_t> word(std::uint64_t address) const;

    /// The number of `size` bytes, at most 8, at any address where nothing can change it at run time. Throws Error
    /// elsewhere; `what` tells whose it is.
    std::uint64_t constant(std::uint64_t address, std::size_t size, const std::string& what) const;
    std::uint64_t constant_word(std::uint64_t address, const std::string& what) const {
        return constant(address, sizeof(std::uint64_t), what);
    }

    /// Throws Error where there is none.
    Symbol symbol(const std::string& name) const;
};

/// Throws Error if the file is not an executable for 64-bit RISC-V that runs where it is loaded.
Image read_image(const std::string& path);

}  // namespace mullion::audit
