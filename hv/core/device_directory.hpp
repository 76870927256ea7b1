// SPDX-License-Identifier: Apache-2.0
// Builds the device directories, from which the IOMMU takes what memory a device's DMA reaches (RISC-V IOMMU,
// "Device-Directory-Table", "Device-context"). Which format contexts have, the machine decides: there is a directory
// for each, of three levels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/iommu_registers.hpp"

namespace mullion {

namespace ddt {

inline constexpr std::size_t page_words = page_size / sizeof(std::uint64_t);
inline constexpr unsigned index_bits = 9;  ///< of an id, at a page of entries that are no contexts

/// How a context, a leaf of the directory, looks.
struct Format {
    std::size_t context_words = 0;
    unsigned leaf_bits = 0;  ///< of an id, at a page of contexts
};

/// In their order in the image: the extended format, of IOMMUs with MSI page tables, and the base format.
inline constexpr std::array<Format, 2> formats{{{8, 6}, {4, 7}}};

/// Calls `each(function, guest)` for every function that is granted.
template <class Each>
constexpr void for_each_function(const Description& d, Each each) {
    for (const auto& guest : d.guests) {
        for (const auto& function : guest.functions) {
            each(function, guest);
        }
    }
}

/// Returns how many values `id >> shift` has, among the ids of functions before the first that has it as `id` does; of
/// all functions if none has.
constexpr std::size_t values_before(const Description& d, unsigned shift, std::uint64_t id) {
    std::size_t values = 0;
    bool is_over = false;
    for_each_function(d, [&](const PciFunction& function, const Guest&) {
        const auto own = std::uint64_t{function.device_id} >> shift;
        is_over = is_over || own == id >> shift;
        // The first that has its value counts.
        bool is_first = true;
        bool is_before = true;
        for_each_function(d, [&](const PciFunction& earlier, const Guest&) {
            is_before = is_before && &earlier != &function;
            is_first = is_first && !(is_before && std::uint64_t{earlier.device_id} >> shift == own);
        });
        values += !is_over && is_first ? 1 : 0;
    });
    return values;
}

inline constexpr std::uint64_t no_id = ~std::uint64_t{0};

/// The pages of one directory: a root, then those that its entries lead to, then those of contexts.
struct Pages {
    std::size_t middle = 0;
    std::size_t leaf = 0;

    constexpr std::size_t all() const { return 1 + middle + leaf; }
};

constexpr Pages pages_of(const Description& d, Format format) {
    return {values_before(d, format.leaf_bits + index_bits, no_id), values_before(d, format.leaf_bits, no_id)};
}

constexpr bool has_contexts(const Description& d) {
    bool has = false;
    for_each_function(d, [&](const PciFunction&, const Guest&) { has = true; });
    return has;
}

}  // namespace ddt

/// Returns the number of words of all directories: without a function one page, a root without an entry, is both.
constexpr std::size_t directory_words(const Description& d) {
    std::size_t pages = 0;
    for (const auto format : ddt::formats) {
        pages += ddt::pages_of(d, format).all();
    }
    return (ddt::has_contexts(d) ? pages : 1) * ddt::page_words;
}

/// Returns the size of all directories in bytes.
constexpr std::uint64_t directory_size(const Description& d) {
    return d.board.iommu.exists() ? directory_words(d) * sizeof(std::uint64_t) : 0;
}

/// Returns the word with which the directory of each format begins.
constexpr std::array<std::size_t, ddt::formats.size()> directory_starts(const Description& d) {
    const auto pages = ddt::has_contexts(d) ? ddt::pages_of(d, ddt::formats[0]).all() : 0;
    return {0, pages * ddt::page_words};
}

/// Returns the directories, which begin at `at`. A function's context is valid and has the tree of its guest's first
/// hart, whose hgatp has the bits of iohgatp, VMID and GSCID being one number. `hgatp` is that of the board's harts.
template <std::size_t Words, std::size_t Harts>
constexpr std::array<std::uint64_t, Words> build_directory(const Description& d, Hpa at,
                                                           const std::array<std::uint64_t, Harts>& hgatp) {
    constexpr std::uint64_t valid = 1;
    std::array<std::uint64_t, Words> words{};
    std::size_t root = 0;
    for (const auto format : ddt::formats) {
        const auto pages = ddt::pages_of(d, format);
        ddt::for_each_function(d, [&](const PciFunction& function, const Guest& guest) {
            const std::uint64_t id = function.device_id;
            const auto above = format.leaf_bits + ddt::index_bits;
            const auto middle = root + 1 + ddt::values_before(d, above, id);
            const auto leaf = root + 1 + pages.middle + ddt::values_before(d, format.leaf_bits, id);
            const auto lead = [&](std::size_t page, std::uint64_t index, std::size_t to) {
                words[page * ddt::page_words + index] = iommu::ppn_field(at + to * page_size) | valid;
            };
            lead(root, id >> above, middle);
            lead(middle, id >> format.leaf_bits & ((1u << ddt::index_bits) - 1), leaf);
            const auto context = leaf * ddt::page_words + (id & ((1u << format.leaf_bits) - 1)) * format.context_words;
            words[context] = valid;
            words[context + 1] = hgatp[guest.harts[0]];
        });
        root += pages.all();
    }
    return words;
}

}  // namespace mullion
