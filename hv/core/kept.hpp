// SPDX-License-Identifier: Apache-2.0
// Lists the parts of the board that no guest may have because Mullion or the firmware needs them. The rules, the
// builder of the hypervisor's own tables, reports and partc share this list; the proof and the auditor have their own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/imsic_layout.hpp"

namespace mullion {

/// Returns the whole pages that hold a device's registers.
constexpr HostRange pages_of(HostRange range) {
    const auto base = align_down(range.base.value, page_size);
    return {{base}, align_up(range.base.value + range.size, page_size) - base};
}

/// Returns whether the firmware keeps it, not Mullion.
constexpr bool is_firmwares(Kept::Kind kind) {
    return kind == Kept::Kind::timer || kind == Kept::Kind::firmware;
}

/// Lists the rows that follow from the board's parts, then those of Board::kept. A row with an empty range keeps
/// nothing. Ranges may lie within others: what Mullion maps of it, supervisor-level interrupt files in the IMSIC's
/// region and a bus's configuration space in the host bridge's.
class KeptList {
 public:
    explicit constexpr KeptList(const Board& board) : board_(board) {}

    constexpr std::size_t size() const { return first_file + groups() + files() + board_.kept.size(); }

    constexpr Kept operator[](std::size_t i) const {
        switch (i) {
            case 0:
                return {Kept::Kind::console, {board_.console.base, board_.console.size}, true};
            case 1:
                return {Kept::Kind::controller, board_.controller_registers(), true};
            case 2:
                return {Kept::Kind::firmware, board_.firmware};
            case 3:
                return {Kept::Kind::iommu, {board_.iommu.base, board_.iommu.size}, board_.iommu.exists()};
            case 4:
                return {Kept::Kind::pci_host, {board_.pci.base, board_.pci.size}};
            case 5:
                return {Kept::Kind::pci_bus,
                        {board_.pci.base, board_.pci.exists() ? PciHost::bus_bytes : 0},
                        board_.pci.exists()};
            default:
                return interrupt_files(i - first_file);
        }
    }

 private:
    static constexpr std::size_t first_file = 6;

    constexpr std::size_t groups() const { return board_.imsic.exists() ? board_.imsic.groups : 0; }
    constexpr std::size_t files() const {
        return board_.imsic.exists() && has_guest_file(board_.imsic) ? board_.harts.size() : 0;
    }

    /// Returns row `i` after the fixed ones: the interrupt files of each group, each hart's supervisor-level file, by
    /// which harts wake one another, and then Board::kept.
    constexpr Kept interrupt_files(std::size_t i) const {
        const auto& imsic = board_.imsic;
        if (i < groups()) {
            return {Kept::Kind::interrupt_files, group_region(imsic, static_cast<std::uint32_t>(i))};
        }
        i -= groups();
        if (i < files()) {
            return {
                Kept::Kind::supervisor_file, {interrupt_file(imsic, board_.harts[i].imsic_index, 0), page_size}, true};
        }
        return board_.kept[i - files()];
    }

    const Board& board_;
};

/// Returns the list as an array for use at run time. Requires: `size` is the list's.
template <std::size_t size>
constexpr std::array<Kept, size> kept_rows(const Board& board) {
    std::array<Kept, size> rows;
    for (std::size_t i = 0; i < size; ++i) {
        rows[i] = KeptList{board}[i];
    }
    return rows;
}

}  // namespace mullion
