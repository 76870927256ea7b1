// SPDX-License-Identifier: Apache-2.0
// Computes the parts of the hypervisor in host memory from their sizes. core/layout_of.hpp adds the tables' sizes; it
// is separate because the hypervisor's own tables map the layout that they are part of.
#pragma once

#include <cstdint>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/device_directory.hpp"

namespace mullion {

/// The parts in ascending order, without gaps, in whole pages. The linker script asserts that the contents fit.
struct Layout {
    HostRange text;       ///< RX: header, code
    HostRange rodata;     ///< R
    HostRange stage1;     ///< R: the hypervisor's own tables
    HostRange stage2;     ///< R: 16 KiB aligned roots, then lower tables
    HostRange directory;  ///< R: the device directories, empty without an IOMMU
    HostRange images;     ///< R: 2 MiB aligned; each image page aligned
    HostRange data;       ///< RW: .data, .bss
    HostRange stacks;     ///< RW: a block for each hart, whose lowest page is an unmapped guard

    constexpr Hpa end() const { return stacks.end(); }
    constexpr HostRange all() const { return {text.base, end() - text.base}; }
};

inline constexpr std::uint64_t text_slot = 128 * kibi;
inline constexpr std::uint64_t rodata_slot = 64 * kibi;
inline constexpr std::uint64_t data_slot = 64 * kibi;            ///< common part
inline constexpr std::uint64_t data_slot_per_guest = 32 * kibi;  ///< console rings, the guest's devices
inline constexpr std::uint64_t data_slot_per_hart = 4 * kibi;
inline constexpr std::uint64_t stack_block = 16 * kibi;  ///< aligned to its size: a hart finds its VCpu from sp
inline constexpr std::uint64_t stack_guard = page_size;

/// Sizes of both sections of tables in bytes.
struct TableSizes {
    std::uint64_t stage1 = 0;
    std::uint64_t stage2 = 0;
};

constexpr Layout layout_with(const Description& d, TableSizes tables) {
    Layout l;
    l.text = {d.board.load_address, text_slot};
    l.rodata = {l.text.end(), rodata_slot};
    l.stage1 = {l.rodata.end(), tables.stage1};
    l.stage2 = {{align_up(l.stage1.end().value, 16 * kibi)}, tables.stage2};
    std::uint64_t images = 0;
    for (const auto& image : d.images) {
        images += align_up(image.size, page_size);
    }
    l.directory = {l.stage2.end(), directory_size(d)};
    l.images = {{align_up(l.directory.end().value, 2 * mebi)}, align_up(images, 2 * mebi)};
    l.data = {l.images.end(),
              data_slot + d.guests.size() * data_slot_per_guest + d.board.harts.size() * data_slot_per_hart};
    l.stacks = {{align_up(l.data.end().value, stack_block)}, d.board.harts.size() * stack_block};
    return l;
}

}  // namespace mullion
