// SPDX-License-Identifier: Apache-2.0
// The hypervisor's own (HS-mode) address spaces, Sv39 and identity mapped: one for the harts of each guest and one for
// a hart that has none. What each maps, and the bytes that all of their tables take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/imsic.hpp"
#include "core/mapping.hpp"
#include "core/slots.hpp"
#include "core/stage2_size.hpp"

namespace mullion {

inline constexpr unsigned stage1_levels = 3;                  ///< Sv39
inline constexpr std::uint64_t stage1_satp_mode = 8;          ///< satp.MODE of Sv39
inline constexpr std::uint64_t stage1_root_size = page_size;  ///< the root is a table like any other

/// A part of the hypervisor's address space. G stays clear: satp is written once, so a global leaf would gain nothing,
/// and a leaf that only some address spaces have must not be global.
constexpr Mapping identity_mapping(HostRange range, Rights rights) {
    const auto base = align_down(range.base.value, page_size);
    const auto size = range.size == 0 ? 0 : align_up(range.end().value, page_size) - base;
    return {base, base, size, static_cast<std::uint64_t>(rights) << 1 | pte::V | pte::A | pte::D};
}

/// What every hart maps: the hypervisor itself, its UART and APLIC, and the supervisor-level interrupt file of each
/// hart, which is how harts wake one another. In order of kind, not of address.
struct Stage1Common {
    const Description& d;
    const Layout& l;

    static constexpr std::size_t fixed = 8;

    constexpr std::size_t size() const { return fixed + 2 * d.board.harts.size(); }
    constexpr Mapping operator[](std::size_t i) const {
        switch (i) {
            case 0:
                return identity_mapping(l.text, Rights::rx);
            case 1:
                return identity_mapping(l.rodata, Rights::r);
            case 2:
                return identity_mapping(l.stage1, Rights::r);
            case 3:
                return identity_mapping(l.stage2, Rights::r);
            case 4:
                return identity_mapping(l.images, Rights::r);
            case 5:
                return identity_mapping(l.data, Rights::rw);
            case 6:
                return identity_mapping({d.board.uart.base, d.board.uart.size}, Rights::rw);
            case 7:
                return identity_mapping({d.board.aplic.base, d.board.aplic.size}, Rights::rw);
            default:
                return of_hart(i - fixed);
        }
    }

 private:
    constexpr Mapping of_hart(std::size_t i) const {
        const auto hart = i / 2;
        if (i % 2 == 0) {
            const auto block = l.stacks.base + hart * stack_block;
            return identity_mapping({block + stack_guard, stack_block - stack_guard}, Rights::rw);
        }
        return identity_mapping({interrupt_file(d.board.imsic, d.board.harts[hart].imsic_index, 0), page_size},
                                Rights::rw);
    }
};

/// What the harts of one guest map besides: its memory and its guest interrupt files, never executable. Devices that
/// the guest owns are not the hypervisor's to touch.
struct Stage1OfGuest {
    std::span<const Window> windows;

    constexpr std::size_t size() const { return windows.size(); }
    constexpr Mapping operator[](std::size_t i) const {
        return windows[i].kind == WindowKind::device ? Mapping{} : identity_mapping(windows[i].host(), Rights::rw);
    }
};

/// Tables, roots included, for a given layout. A guest's tree shares the common tables and has its own only where
/// something of the guest's lies.
constexpr std::uint64_t stage1_tables(const Description& d, const Layout& l) {
    auto count = d.guests.size() + 1 + lower_tables(Stage1Common{d, l}, stage1_levels);
    for (const auto& guest : d.guests) {
        count += lower_tables(Stage1OfGuest{guest.windows}, stage1_levels);
    }
    return count;
}

/// Bytes of all tables. They map the layout that they are a part of, so the size is found by growing it until the
/// layout that it leads to needs no more.
constexpr std::uint64_t stage1_size(const Description& d) {
    const auto stage2 = stage2_size(d);
    std::uint64_t size = 0;
    for (;;) {
        const auto needed = stage1_tables(d, layout_with(d, {size, stage2})) * page_size;
        if (needed <= size) {
            return size;
        }
        size = needed;
    }
}

}  // namespace mullion
