// SPDX-License-Identifier: Apache-2.0
// Reads mullion.elf as it is in memory once loaded.
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
    std::vector<std::uint8_t> bytes;  ///< from the file; the rest of the range is 0
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
    std::vector<std::uint8_t> fields;  ///< section .fields, which takes no memory: places of constants' members

    /// Returns the segment that contains all of `range`, nullptr if none does.
    const Segment* segment_of(const Range& range) const;

    /// Returns the 64-bit word at an address, nothing outside of segments. Requires: the address is a multiple of 8.
    std::optional<std::uint64_t> word(std::uint64_t address) const;

    /// Returns the number of `size` bytes, at most 8, at any address where nothing can change it at run time. Throws
    /// Error, with the name `what`, elsewhere.
    std::uint64_t constant(std::uint64_t address, std::size_t size, const std::string& what) const;
    std::uint64_t constant_word(std::uint64_t address, const std::string& what) const {
        return constant(address, sizeof(std::uint64_t), what);
    }

    /// Returns a symbol. Throws Error if there is none.
    Symbol symbol(const std::string& name) const;
};

/// Reads the file. Throws Error if it is no executable for 64-bit RISC-V that runs where it is loaded.
Image read_image(const std::string& path);

}  // namespace mullion::audit
