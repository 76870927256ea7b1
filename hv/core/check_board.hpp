// SPDX-License-Identifier: Apache-2.0
// Checks the rules (core/check.hpp) for a board, which do not depend on guests.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "core/address.hpp"
#include "core/aplic_registers.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"
#include "core/imsic_layout.hpp"
#include "core/kept.hpp"
#include "core/plic_registers.hpp"

namespace mullion {

/// End of the lower half of Sv39, in which Mullion maps the host identically.
inline constexpr std::uint64_t host_address_end = std::uint64_t{1} << 38;

namespace law {

constexpr bool fits(std::uint64_t base, std::uint64_t size, std::uint64_t end) {
    return base < end && size <= end - base;
}

constexpr bool in_ram(const Board& board, HostRange range) {
    return std::ranges::any_of(board.ram, [&](const auto& ram) { return ram.contains(range.base, range.size); });
}

inline constexpr std::uint64_t num_16550_registers = 8;

/// Returns whether so many registers, `1 << shift` bytes apart, are within `size` bytes.
constexpr bool holds_registers(std::uint64_t size, std::uint32_t shift, std::uint64_t count) {
    return shift < 64 && size >> shift >= count;
}

/// Returns whether registers from `base` on, `1 << shift` bytes apart, take accesses of `width` bytes: 1 or 4, aligned.
/// Requires: `shift` is below 64.
constexpr bool takes_accesses(std::uint64_t base, std::uint32_t shift, std::uint64_t width) {
    return (width == 1 || width == 4) && is_aligned(base | std::uint64_t{1} << shift, width);
}

/// Returns whether all registers that the driver uses are within the console's size, and aligned to their width.
constexpr bool has_registers(const Board::Console& console) {
    return holds_registers(console.size, console.reg_shift, console.num_registers()) &&
           takes_accesses(console.base.value, console.reg_shift, console.io_width);
}

/// Returns whether the IOMMU's size has room for its registers, at an address that they have (RISC-V IOMMU,
/// "Memory-mapped register interface").
constexpr bool has_registers(const Iommu& iommu) {
    return is_aligned(iommu.base.value, Iommu::register_bytes) && iommu.size >= Iommu::register_bytes;
}

/// Returns whether the host bridge has configuration space of whole buses where it can be (PCI Express, "PCI Express
/// Enhanced Configuration Access Mechanism": aligned to that of a bus at least).
constexpr bool has_buses(const PciHost& pci) {
    return pci.exists() && is_aligned(pci.base.value | pci.size, PciHost::bus_bytes);
}

/// Returns whether the index bits are within the limits of the IMSIC's binding, and of an address. guest_index_bits is
/// left to has_guest_file().
constexpr bool has_index_bits(const Imsic& imsic) {
    return imsic.groups >= 1 && imsic.groups <= 128 && imsic.hart_index_bits <= 15 && imsic.group_index_shift <= 55;
}

/// Returns whether an IMSIC exists and has no guest interrupt file.
constexpr bool lacks_guest_file(const Board& board) {
    return board.imsic.exists() && !has_guest_file(board.imsic);
}

/// Returns the index of the first row of the board's KeptList whose pages overlap `range` and for which `counts(row)`;
/// the size of the list if there is none.
template <class Counts>
constexpr std::size_t first_kept(const Board& board, HostRange range, Counts counts) {
    const KeptList kept{board};
    std::size_t i = 0;
    while (i < kept.size() && !(counts(kept[i]) && pages_of(kept[i].range).overlaps(range))) {
        ++i;
    }
    return i;
}

constexpr bool is_reachable(const Board& board) {
    const auto below = [](const HostRange& r) { return fits(r.base.value, r.size, host_address_end); };
    const KeptList kept{board};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i].reached && !below(kept[i].range)) {
            return false;
        }
    }
    return std::ranges::all_of(board.ram, below);
}

constexpr HostRange files_of(const Imsic& imsic, const Hart& hart) {
    return {interrupt_file(imsic, hart.imsic_index, 0), page_size << imsic.guest_index_bits};
}

template <class Found>
constexpr void check_ram(const Board& board, Found& found) {
    for (std::uint32_t i = 0; i < board.ram.size(); ++i) {
        for (std::uint32_t k = 0; k < i; ++k) {
            if (board.ram[k].overlaps(board.ram[i])) {
                found(Finding{Rule::ram_overlaps, Finding::board, i, Finding::board, k});
            }
        }
    }
}

template <class Found>
constexpr void check_interrupt_files(const Board& board, Found& found) {
    const auto& imsic = board.imsic;
    for (std::uint32_t i = 0; i < board.harts.size(); ++i) {
        const auto files = files_of(imsic, board.harts[i]);
        const auto group = group_of(imsic, board.harts[i].imsic_index);
        if (group >= imsic.groups || !group_region(imsic, group).contains(files.base, files.size)) {
            found(Finding{Rule::interrupt_files_outside, Finding::board, i});
        }
        for (std::uint32_t k = 0; k < i; ++k) {
            if (files_of(imsic, board.harts[k]).overlaps(files)) {
                found(Finding{Rule::imsic_index_taken, Finding::board, i, Finding::board, k});
            }
        }
    }
}

/// Returns whether the controller's region has the registers of `context`: in a PLIC a context's, in an APLIC with
/// direct delivery an IDC structure.
constexpr bool has_context(const Board& board, std::uint32_t context) {
    if (board.controller() == InterruptController::plic) {
        return context < plic::max_contexts && plic::size_for(context + 1) <= board.plic.size;
    }
    return context < aplic_hart_limit && idc::offset(context + 1, 0) <= board.aplic.size;
}

template <class Found>
constexpr void check_contexts(const Board& board, Found& found) {
    for (std::uint32_t i = 0; i < board.harts.size(); ++i) {
        const auto context = board.harts[i].context;
        if (!has_context(board, context)) {
            found(Finding{Rule::context_outside, Finding::board, i});
        }
        for (std::uint32_t k = 0; k < i; ++k) {
            if (board.harts[k].context == context) {
                found(Finding{Rule::context_taken, Finding::board, i, Finding::board, k});
            }
        }
    }
}

template <class Found>
constexpr void check_controller(const Board& board, Found& found) {
    if (board.controller_registers().size == 0) {
        found(Finding{Rule::no_controller});
        return;
    }
    if (board.num_sources() == 0 || board.num_sources() > max_source) {
        found(Finding{Rule::board_sources_invalid});
    } else if (board.console.source == 0 || board.console.source > board.num_sources()) {
        found(Finding{Rule::console_source_invalid});
    }
    if (lacks_guest_file(board)) {
        found(Finding{Rule::no_guest_file});
    } else if (board.imsic.exists()) {
        check_interrupt_files(board, found);
    } else {
        check_contexts(board, found);
    }
}

/// Returns whether a hart with such cache blocks, if it has the extension, can do a page by whole ones.
constexpr bool divides_page(std::uint16_t block, bool has_extension) {
    return has_extension ? std::has_single_bit(block) && block <= page_size : block == 0;
}

template <class Found>
constexpr void check_harts(const Board& board, Found& found) {
    for (std::uint32_t i = 0; i < board.harts.size(); ++i) {
        const auto& hart = board.harts[i];
        const bool has_mode = hart.mmu_bits == 39 || hart.mmu_bits == 48 || hart.mmu_bits == 57;
        if (!has_mode || !divides_page(hart.cboz_block, hart.features.has(Extension::zicboz)) ||
            !divides_page(hart.cbom_block, hart.features.has(Extension::zicbom))) {
            found(Finding{Rule::hart_sizes_invalid, Finding::board, i});
        }
        for (std::uint32_t k = 0; k < i; ++k) {
            if (board.harts[k].id == hart.id) {
                found(Finding{Rule::hart_id_taken, Finding::board, i, Finding::board, k});
            }
        }
    }
}

/// Calls `found(Finding)` for each breach of a rule about boards. `hypervisor` is the range that its layout takes.
template <class Found>
constexpr void check_board(const Board& board, HostRange hypervisor, Found& found) {
    if (!is_aligned(board.load_address.value, 2 * mebi)) {
        found(Finding{Rule::load_address_unaligned});
    }
    check_harts(board, found);
    if (board.timebase_frequency == 0) {
        found(Finding{Rule::timebase_invalid});
    }
    check_ram(board, found);
    if (!has_registers(board.console)) {
        found(Finding{Rule::console_invalid});
    }
    if (board.iommu.exists() && !has_registers(board.iommu)) {
        found(Finding{Rule::iommu_invalid});
    }
    if (board.pci.exists() && !has_buses(board.pci)) {
        found(Finding{Rule::pci_invalid});
    }
    if (!has_index_bits(board.imsic)) {
        found(Finding{Rule::imsic_bits_invalid});
        return;
    }
    if (!is_reachable(board)) {
        found(Finding{Rule::board_too_high});
    }
    const auto any = [](const Kept&) { return true; };
    const auto meets = [&](const HostRange& reserved) { return reserved.overlaps(hypervisor); };
    if (!in_ram(board, hypervisor) || first_kept(board, hypervisor, any) != KeptList{board}.size() ||
        std::ranges::any_of(board.reserved, meets)) {
        found(Finding{Rule::hypervisor_outside_ram});
    }
    check_controller(board, found);
}

}  // namespace law
}  // namespace mullion
