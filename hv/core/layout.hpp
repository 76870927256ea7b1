// SPDX-License-Identifier: Apache-2.0
// Where each part of the hypervisor lies in host memory. One function, three readers: partc (places guests after the
// end, writes the addresses for the linker script), the table builders, and the proof.
#pragma once

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/stage1_size.hpp"
#include "core/stage2_size.hpp"

namespace mullion {

/// In ascending order and without holes; each whole pages. The linker script asserts that the contents fit.
struct Layout {
    HostRange text;    ///< RX: header, code
    HostRange rodata;  ///< R
    HostRange stage1;  ///< R: the hypervisor's own tables
    HostRange stage2;  ///< R: 16 KiB aligned roots, then lower tables
    HostRange images;  ///< R: 2 MiB aligned; each image page aligned
    HostRange data;    ///< RW: .data, .bss
    HostRange stacks;  ///< RW: a block a hart, the lowest page of each is a guard and not mapped

    constexpr Hpa end() const { return stacks.end(); }
};

inline constexpr std::uint64_t text_slot = 128 * kibi;
inline constexpr std::uint64_t rodata_slot = 64 * kibi;
inline constexpr std::uint64_t data_slot = 64 * kibi;            ///< common part
inline constexpr std::uint64_t data_slot_per_guest = 32 * kibi;  ///< console rings, the guest's devices
inline constexpr std::uint64_t data_slot_per_hart = 4 * kibi;
inline constexpr std::uint64_t stack_block = 16 * kibi;  ///< aligned to its size: a hart finds its VCpu from sp
inline constexpr std::uint64_t stack_guard = page_size;

constexpr Layout layout_of(const Description& d) {
    Layout l;
    l.text = {d.board.load_address, text_slot};
    l.rodata = {l.text.end(), rodata_slot};
    l.stage1 = {l.rodata.end(), stage1_size(d)};
    l.stage2 = {{align_up(l.stage1.end().value, 16 * kibi)}, stage2_size(d)};
    std::uint64_t images = 0;
    for (const auto& image : d.images) {
        images += align_up(image.size, page_size);
    }
    l.images = {{align_up(l.stage2.end().value, 2 * mebi)}, align_up(images, 2 * mebi)};
    l.data = {l.images.end(),
              data_slot + d.guests.size() * data_slot_per_guest + d.board.harts.size() * data_slot_per_hart};
    l.stacks = {{align_up(l.data.end().value, stack_block)}, d.board.harts.size() * stack_block};
    return l;
}

/// Where the linker puts image `index`.
constexpr Hpa image_address(const Description& d, const Layout& l, std::size_t index) {
    auto at = l.images.base;
    for (std::size_t i = 0; i < index; ++i) {
        at = at + align_up(d.images[i].size, page_size);
    }
    return at;
}

}  // namespace mullion
