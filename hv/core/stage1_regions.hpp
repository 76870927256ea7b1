// SPDX-License-Identifier: Apache-2.0
// Lists what the hypervisor's own (HS-mode) address spaces map, identically: one address space for the harts of each
// guest, one for harts without a guest. The builder maps this list; the proof has its own (core/proof_own.hpp).
#pragma once

#include <cstddef>
#include <span>

#include "core/description.hpp"
#include "core/kept.hpp"
#include "core/layout.hpp"

namespace mullion {

/// Whole pages with one set of rights; an empty region is not mapped.
struct Region {
    HostRange range;
    Rights rights = Rights::r;
};

/// What every address space maps: the hypervisor itself, each hart's stack, and the parts of the board that it drives.
/// Ordered by kind, not by address.
struct Stage1Common {
    const Description& d;
    const Layout& l;

    static constexpr std::size_t parts = 7;

    constexpr std::size_t size() const { return parts + KeptList{d.board}.size() + d.board.harts.size(); }
    constexpr Region operator[](std::size_t i) const {
        switch (i) {
            case 0:
                return {l.text, Rights::rx};
            case 1:
                return {l.rodata, Rights::r};
            case 2:
                return {l.stage1, Rights::r};
            case 3:
                return {l.stage2, Rights::r};
            case 4:
                return {l.directory, Rights::r};
            case 5:
                return {l.images, Rights::r};
            case 6:
                return {l.data, Rights::rw};
            default:
                return behind_parts(i - parts);
        }
    }

 private:
    constexpr Region behind_parts(std::size_t i) const {
        const KeptList kept{d.board};
        if (i < kept.size()) {
            const auto row = kept[i];
            return row.reached ? Region{pages_of(row.range), Rights::rw} : Region{};
        }
        const auto block = l.stacks.base + (i - kept.size()) * stack_block;
        return {{block + stack_guard, stack_block - stack_guard}, Rights::rw};
    }
};

/// What only a guest's address space maps: its memory, its guest interrupt files and the channels that it may write to,
/// never executable. Its devices are not mapped: the hypervisor has no business there.
struct Stage1OfGuest {
    std::span<const Window> windows;

    constexpr std::size_t size() const { return windows.size(); }
    constexpr Region operator[](std::size_t i) const {
        const auto& window = windows[i];
        const bool is_mapped =
            window.kind == WindowKind::channel ? window.rights == Rights::rw : window.kind != WindowKind::device;
        return is_mapped ? Region{window.host(), Rights::rw} : Region{};
    }
};

}  // namespace mullion
