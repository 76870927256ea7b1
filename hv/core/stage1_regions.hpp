// SPDX-License-Identifier: Apache-2.0
// What the hypervisor's own (HS-mode) address spaces are asked to reach, identity mapped: one address space for the
// harts of each guest, one for a hart that has none. The builder maps this list and the proof compares with it.
#pragma once

#include <cstddef>
#include <span>

#include "core/description.hpp"
#include "core/imsic.hpp"
#include "core/slots.hpp"

namespace mullion {

/// Whole pages with one set of rights; an empty region asks for nothing.
struct Region {
    HostRange range;
    Rights rights = Rights::r;
};

/// The pages that hold a device's registers.
constexpr HostRange pages_of(HostRange range) {
    const auto base = align_down(range.base.value, page_size);
    return {{base}, align_up(range.base.value + range.size, page_size) - base};
}

/// What every hart reaches: the hypervisor itself, its UART, its APLIC or PLIC, and where there is an IMSIC the
/// supervisor-level interrupt file of each hart, which is how harts wake one another. In order of kind, not of address.
struct Stage1Common {
    const Description& d;
    const Layout& l;

    static constexpr std::size_t fixed = 8;

    constexpr std::size_t size() const { return fixed + 2 * d.board.harts.size(); }
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
                return {l.images, Rights::r};
            case 5:
                return {l.data, Rights::rw};
            case 6:
                return {pages_of({d.board.uart.base, d.board.uart.size}), Rights::rw};
            case 7:
                return {pages_of(d.board.wired()), Rights::rw};
            default:
                return of_hart(i - fixed);
        }
    }

 private:
    constexpr Region of_hart(std::size_t i) const {
        const auto harts = d.board.harts.size();
        if (i < harts) {
            return !d.board.imsic.exists()
                       ? Region{}
                       : Region{{interrupt_file(d.board.imsic, d.board.harts[i].imsic_index, 0), page_size},
                                Rights::rw};
        }
        const auto block = l.stacks.base + (i - harts) * stack_block;
        return {{block + stack_guard, stack_block - stack_guard}, Rights::rw};
    }
};

/// What the harts of one guest reach besides: its memory and its guest interrupt files, never executable. Devices that
/// the guest owns are not the hypervisor's to touch.
struct Stage1OfGuest {
    std::span<const Window> windows;

    constexpr std::size_t size() const { return windows.size(); }
    constexpr Region operator[](std::size_t i) const {
        return windows[i].kind == WindowKind::device ? Region{} : Region{windows[i].host(), Rights::rw};
    }
};

}  // namespace mullion
