// SPDX-License-Identifier: Apache-2.0
// Judges the lists that guests' trees are compared with: no guest may ask for what is reserved, and no two guests for
// one hart, or for one page outside the channels. A tree that equals such a list isolates its guest.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// Returns whether the range's end is not representable: it passes the last address or ends with it. Comparisons with
/// that end would be wrong.
constexpr bool wraps(HostRange range) {
    return range.base.value + range.size < range.base.value;
}

/// Returns the whole pages that hold registers.
constexpr HostRange whole_pages(Hpa base, std::uint64_t size) {
    const auto first = base.value / 4096 * 4096;
    return {{first}, size == 0 ? 0 : (base.value + size - first + 4095) / 4096 * 4096};
}

/// Returns the address of the supervisor-level file, a hart's first, for a hart index, which has the hart's number in
/// its group, and above it the group's (AIA, "Arrangement of the memory regions of multiple interrupt files").
constexpr std::uint64_t supervisor_file(const Imsic& imsic, std::uint64_t index) {
    const auto group = imsic.groups > 1 ? index >> imsic.hart_index_bits : 0;
    const auto member = index - (group << imsic.hart_index_bits);
    return imsic.base.value + (group << imsic.group_index_shift) + (member << (12 + imsic.guest_index_bits));
}

/// Returns the hypervisor's memory from its first byte to its last, with unused pages between its parts.
constexpr HostRange hypervisor_of(const Layout& l) {
    return {l.text.base, l.end() - l.text.base};
}

/// Returns text, constants, tables and images, which are never writable.
constexpr HostRange constants_of(const Layout& l) {
    return {l.text.base, l.images.end() - l.text.base};
}

// Returns whether no guest may ask for a page of `range`. Every window is compared with every hart and every other
// guest's windows; plain numbers instead of calls keep the compile time low.

constexpr bool is_reserved(const Description& d, const Layout& l, HostRange range) {
    const auto& board = d.board;
    if (range.overlaps(hypervisor_of(l)) || range.overlaps(board.firmware) ||
        range.overlaps(whole_pages(board.console.base, board.console.size)) ||
        range.overlaps(whole_pages(board.aplic.base, board.aplic.size)) ||
        range.overlaps(whole_pages(board.plic.base, board.plic.size)) ||
        range.overlaps(whole_pages(board.iommu.base, board.iommu.size)) ||
        range.overlaps(whole_pages(board.pci.base, board.pci.size))) {
        return true;
    }
    if (board.imsic.size == 0) {
        return false;
    }
    for (const auto& hart : board.harts) {
        const auto file = supervisor_file(board.imsic, hart.imsic_index);
        if (file < range.base.value + range.size && range.base.value < file + 4096) {
            return true;
        }
    }
    return false;
}

/// Returns whether `guest` has a window of kind channel with exactly the pages of `theirs`, which is one, too. Not so
/// in the address space of harts without a guest, whose number is that of the guests.
constexpr bool has_channel(const Description& d, std::size_t guest, const Window& theirs) {
    if (theirs.kind != WindowKind::channel || guest >= d.guests.size()) {
        return false;
    }
    for (const auto& own : d.guests[guest].windows) {
        if (own.kind == WindowKind::channel && own.to.value == theirs.to.value && own.size == theirs.size) {
            return true;
        }
    }
    return false;
}

/// Returns whether a guest other than `guest` asks for a page of `range`, and not for a channel of both.
constexpr bool is_foreign(const Description& d, std::size_t guest, HostRange range) {
    const auto base = range.base.value;
    const auto end = base + range.size;
    for (std::size_t other = 0; other < d.guests.size(); ++other) {
        const auto* windows = d.guests[other].windows.data();
        const auto count = other == guest ? 0 : d.guests[other].windows.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (windows[i].to.value < end && base < windows[i].to.value + windows[i].size &&
                !has_channel(d, guest, windows[i])) {
                return true;
            }
        }
    }
    return false;
}

/// Returns whether pages of a window are a channel's, and the window does not lead to all of that channel and to
/// nothing else, or is of kind channel and leads to none.
constexpr bool is_beside_channel(const Description& d, const Window& window) {
    bool is_channel = false;
    for (const auto& [name, memory] : d.channels) {
        const auto equal = memory.base.value == window.to.value && memory.size == window.size;
        if (memory.overlaps(window.host()) && !equal) {
            return true;
        }
        is_channel = is_channel || equal;
    }
    return is_channel != (window.kind == WindowKind::channel);
}

constexpr Verdict judge_window(const Description& d, const Layout& l, std::size_t guest, const Window& window) {
    if ((window.at.value | window.to.value | window.size) % 4096 != 0 || window.size == 0) {
        return Verdict::disordered;
    }
    if (wraps(window.host()) || wraps({{window.at.value}, window.size})) {
        return Verdict::asked_wraps;
    }
    const auto executable = (static_cast<unsigned>(window.rights) & 4) != 0;
    if (executable && window.kind != WindowKind::memory) {
        return Verdict::asked_rights;
    }
    const auto no_file = window.kind == WindowKind::interrupt_file && d.board.imsic.size == 0;
    if (no_file || is_reserved(d, l, window.host())) {
        return Verdict::asked_reserved;
    }
    if (is_beside_channel(d, window)) {
        return Verdict::asked_channel;
    }
    return is_foreign(d, guest, window.host()) ? Verdict::asked_shared : Verdict::holds;
}

/// Returns whether `window` is the first guest interrupt file of the guest's hart `n`: the page behind the
/// supervisor-level one.
constexpr bool is_file_of(const Description& d, const Guest& guest, std::size_t n, const Window& window) {
    return window.size == 4096 && n < guest.harts.size() &&
           window.to.value == supervisor_file(d.board.imsic, d.board.harts[guest.harts[n]].imsic_index) + 4096;
}

constexpr ProofResult prove_windows_of(const Description& d, const Layout& l, std::size_t index) {
    const auto& guest = d.guests[index];
    Gpa free{};
    std::size_t files = 0;
    for (const auto& window : guest.windows) {
        const auto verdict = window.at < free ? Verdict::disordered : judge_window(d, l, index, window);
        if (verdict != Verdict::holds) {
            return {verdict, index, window.at.value};
        }
        if (window.kind == WindowKind::interrupt_file && !is_file_of(d, guest, files++, window)) {
            return {Verdict::asked_file, index, window.at.value};
        }
        free = window.guest().end();
    }
    return {};
}

/// Proves that each hart of a guest is one of the board's, and no other guest's.
constexpr ProofResult prove_harts(const Description& d) {
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        for (const auto& hart : d.guests[guest].harts) {
            std::size_t owners = 0;
            for (const auto& other : d.guests) {
                for (const auto own : other.harts) {
                    owners += own == hart ? 1 : 0;
                }
            }
            if (hart >= d.board.harts.size() || owners != 1) {
                return {Verdict::asked_hart, guest, hart};
            }
        }
    }
    return {};
}

/// Proves that the board's ranges, which others are compared with, do not wrap.
constexpr ProofResult prove_board(const Board& board) {
    for (const auto& range :
         {board.firmware, HostRange{board.console.base, board.console.size},
          HostRange{board.aplic.base, board.aplic.size}, HostRange{board.plic.base, board.plic.size},
          HostRange{board.imsic.base, board.imsic.size}, HostRange{board.iommu.base, board.iommu.size},
          HostRange{board.pci.base, board.pci.size}}) {
        if (wraps(range)) {
            return {Verdict::asked_wraps, 0, range.base.value};
        }
    }
    return {};
}

/// Proves the harts and windows of all guests.
constexpr ProofResult prove_windows(const Description& d, const Layout& l) {
    if (const auto found = prove_board(d.board); !found.holds()) {
        return found;
    }
    for (const auto& channel : d.channels) {
        if (wraps(channel.memory)) {
            return {Verdict::asked_wraps, 0, channel.memory.base.value};
        }
    }
    if (const auto found = prove_harts(d); !found.holds()) {
        return found;
    }
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        if (const auto found = prove_windows_of(d, l, guest); !found.holds()) {
            return found;
        }
    }
    return {};
}

}  // namespace mullion::proof
