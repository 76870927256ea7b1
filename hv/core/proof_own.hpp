// SPDX-License-Identifier: Apache-2.0
// Lists what the hypervisor's own (HS-mode) address spaces must map, and judges where its parts lie. The list is
// derived from layout and description. The builder has another one (core/stage1_regions.hpp) and shares nothing with
// this; so a page or a right too many in either of them makes the proof fail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/proof_asked.hpp"
#include "core/proof_verdict.hpp"
#include "core/proof_walk.hpp"

namespace mullion::proof {

/// Sizes of a hart's stack block and of the guard, its lowest page, in bytes. boot.S and the context at a stack's top
/// rely on them.
inline constexpr std::uint64_t block_size = 0x4000;
inline constexpr std::uint64_t guard_size = 0x1000;

/// A list of ranges in ascending order, at most `Limit` of them.
template <std::size_t Limit>
class ExpectedList {
 public:
    /// Adds an identity mapped range, unless it is empty.
    constexpr void insert(HostRange range, unsigned rights) {
        if (range.size == 0) {
            return;
        }
        const ExpectedRange line{range.base.value, range.base.value, range.size, rights};
        auto i = size_++;
        for (; i > 0 && line.at < lines_[i - 1].at; --i) {
            lines_[i] = lines_[i - 1];
        }
        lines_[i] = line;
    }
    constexpr std::size_t size() const { return size_; }
    constexpr const ExpectedRange& operator[](std::size_t i) const { return lines_[i]; }

 private:
    std::array<ExpectedRange, Limit> lines_{};
    std::size_t size_ = 0;
};

/// Returns a `Limit` that is enough for any address space: parts except stacks, UART, controller, IOMMU and PCI bus; a
/// stack and an interrupt file for each hart; a guest's windows.
constexpr std::size_t own_limit(const Description& d) {
    std::size_t windows = 0;
    for (const auto& guest : d.guests) {
        windows = windows < guest.windows.size() ? guest.windows.size() : windows;
    }
    return 11 + 2 * d.board.harts.size() + windows;
}

/// Adds what every address space maps: the hypervisor except guard pages, its UART, the interrupt controller of
/// devices, the IOMMU, the first PCI bus, and with an IMSIC each hart's supervisor-level interrupt file. Constants are
/// never executable, and nothing is both writable and executable.
template <std::size_t Limit>
constexpr void ask_common(ExpectedList<Limit>& list, const Description& d, const Layout& l) {
    constexpr unsigned r = 1;
    constexpr unsigned rw = 3;
    constexpr unsigned rx = 5;
    list.insert(l.text, rx);
    for (const auto& constants : {l.rodata, l.stage1, l.stage2, l.directory, l.images}) {
        list.insert(constants, r);
    }
    list.insert(l.data, rw);
    const auto& board = d.board;
    const bool has_files = board.imsic.size != 0;
    const bool has_plic = !has_files && board.plic.size != 0;
    list.insert(whole_pages(board.console.base, board.console.size), rw);
    list.insert(
        has_plic ? whole_pages(board.plic.base, board.plic.size) : whole_pages(board.aplic.base, board.aplic.size), rw);
    list.insert(whole_pages(board.iommu.base, board.iommu.size), rw);
    list.insert({board.pci.base, board.pci.size == 0 ? std::uint64_t{0} : std::uint64_t{0x10'0000}}, rw);  // of bus 0
    for (std::size_t hart = 0; hart < board.harts.size(); ++hart) {
        list.insert({l.stacks.base + hart * block_size + guard_size, block_size - guard_size}, rw);
        if (has_files) {
            list.insert({{supervisor_file(board.imsic, board.harts[hart].imsic_index)}, 0x1000}, rw);
        }
    }
}

/// Adds what only the address space for `guest` maps: its memory, its interrupt files and the channels that it may
/// write to, but not its devices.
template <std::size_t Limit>
constexpr void ask_own(ExpectedList<Limit>& list, const Guest& guest) {
    for (const auto& window : guest.windows) {
        const bool is_read_only = window.kind == WindowKind::channel && (static_cast<unsigned>(window.rights) & 2) == 0;
        if (window.kind != WindowKind::device && !is_read_only) {
            list.insert({window.to, window.size}, 3);
        }
    }
}

constexpr bool is_guard(const Description& d, const Layout& l, HostRange range) {
    for (std::size_t hart = 0; range.overlaps(l.stacks) && hart < d.board.harts.size(); ++hart) {
        if (range.overlaps({l.stacks.base + hart * block_size, guard_size})) {
            return true;
        }
    }
    return false;
}

/// Proves each range of address space `tree` by itself: it has nothing of the firmware, of another guest or of a guard.
template <std::size_t Limit>
constexpr ProofResult prove_own(const Description& d, const Layout& l, std::size_t tree,
                                const ExpectedList<Limit>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const HostRange range{{list[i].to}, list[i].size};
        if (wraps(range)) {
            return {Verdict::asked_wraps, tree, list[i].at};
        }
        if (range.overlaps(d.board.firmware) || is_guard(d, l, range)) {
            return {Verdict::asked_reserved, tree, list[i].at};
        }
        if (is_foreign(d, tree, range)) {
            return {Verdict::asked_shared, tree, list[i].at};
        }
    }
    return {};
}

/// Proves that the ranges of an address space are whole pages and do not overlap.
template <std::size_t Limit>
constexpr ProofResult prove_apart(std::size_t tree, const ExpectedList<Limit>& list) {
    std::uint64_t free = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if ((list[i].at | list[i].size) % 4096 != 0 || list[i].at < free) {
            return {Verdict::disordered, tree, list[i].at};
        }
        free = list[i].at + list[i].size;
    }
    return {};
}

/// Proves the parts of the hypervisor: whole pages, one after the other from the load address, in RAM that the firmware
/// does not keep, and large enough for tables of so many words, each hart's stack and the images.
constexpr ProofResult prove_layout(const Description& d, const Layout& l, std::size_t stage1_words,
                                   std::size_t stage2_words) {
    auto free = d.board.load_address;
    for (const auto& part : {l.text, l.rodata, l.stage1, l.stage2, l.directory, l.images, l.data, l.stacks}) {
        if ((part.base.value | part.size) % 4096 != 0 || part.base < free || wraps(part)) {
            return {Verdict::layout, 0, part.base.value};
        }
        free = part.base + part.size;
    }
    std::uint64_t images = 0;
    for (const auto& image : d.images) {
        images += (image.size + 4095) / 4096 * 4096;
    }
    const bool has_room = l.stage1.size == stage1_words * 8 && l.stage2.size == stage2_words * 8 &&
                          l.images.size >= images && l.stacks.size == d.board.harts.size() * block_size;
    bool in_ram = false;
    for (const auto& ram : d.board.ram) {
        in_ram = in_ram || ram.contains(l.text.base, free - l.text.base);
    }
    const bool is_placed = l.text.base == d.board.load_address && l.stacks.base.value % block_size == 0 && in_ram &&
                           !hypervisor_of(l).overlaps(d.board.firmware);
    return has_room && is_placed ? ProofResult{} : ProofResult{Verdict::layout, 0, l.text.base.value};
}

}  // namespace mullion::proof
