// SPDX-License-Identifier: Apache-2.0
// The lists that the trees are held against, judged themselves: what no guest may ask for, and that no two guests ask
// for one page. A tree that equals its list then isolates its guest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/imsic.hpp"
#include "core/proof_verdict.hpp"
#include "core/proof_walk.hpp"
#include "core/slots.hpp"
#include "core/stage1_regions.hpp"

namespace mullion::proof {

/// Everything from the hypervisor's first byte to its last, unused pages between its parts included.
constexpr HostRange hypervisor_of(const Layout& l) {
    return {l.text.base, l.end() - l.text.base};
}

/// Text, tables, constants, images: never writable.
constexpr HostRange constants_of(const Layout& l) {
    return {l.text.base, l.images.end() - l.text.base};
}

// Every window is held against every hart and every other guest's windows: there plain numbers, in place of calls, keep
// compile times low.

constexpr bool is_reserved(const Description& d, const Layout& l, HostRange range) {
    const auto& board = d.board;
    if (range.overlaps(hypervisor_of(l)) || range.overlaps(board.firmware) ||
        range.overlaps(pages_of({board.uart.base, board.uart.size})) ||
        range.overlaps(pages_of({board.aplic.base, board.aplic.size})) ||
        range.overlaps(pages_of({board.plic.base, board.plic.size}))) {
        return true;
    }
    if (!board.imsic.exists()) {
        return false;
    }
    for (const auto& hart : board.harts) {
        const auto file = interrupt_file(board.imsic, hart.imsic_index, 0).value;
        if (file < range.base.value + range.size && range.base.value < file + page_size) {
            return true;
        }
    }
    return false;
}

/// Whether a guest other than `guest` asks for a page of `range`.
constexpr bool is_foreign(const Description& d, std::size_t guest, HostRange range) {
    const auto base = range.base.value;
    const auto end = base + range.size;
    for (std::size_t other = 0; other < d.guests.size(); ++other) {
        const auto* windows = d.guests[other].windows.data();
        const auto count = other == guest ? 0 : d.guests[other].windows.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (windows[i].to.value < end && base < windows[i].to.value + windows[i].size) {
                return true;
            }
        }
    }
    return false;
}

constexpr Verdict judge_window(const Description& d, const Layout& l, std::size_t guest, const Window& window) {
    const auto unaligned = (window.at.value | window.to.value | window.size) % page_size != 0;
    if (unaligned || window.size == 0 || window.guest().end() < window.at || window.host().end() < window.to) {
        return Verdict::disordered;
    }
    const auto executable = (static_cast<unsigned>(window.rights) & 4) != 0;
    if (executable && window.kind != WindowKind::memory) {
        return Verdict::asked_rights;
    }
    const auto no_file = window.kind == WindowKind::interrupt_file && !d.board.imsic.exists();
    if (no_file || is_reserved(d, l, window.host())) {
        return Verdict::asked_reserved;
    }
    return is_foreign(d, guest, window.host()) ? Verdict::asked_shared : Verdict::holds;
}

/// The windows of all guests.
constexpr Finding prove_windows(const Description& d, const Layout& l) {
    for (std::size_t guest = 0; guest < d.guests.size(); ++guest) {
        Gpa free{};
        for (const auto& window : d.guests[guest].windows) {
            const auto verdict = window.at < free ? Verdict::disordered : judge_window(d, l, guest, window);
            if (verdict != Verdict::holds) {
                return {verdict, guest, window.at.value};
            }
            free = window.guest().end();
        }
    }
    return {};
}

/// Regions in ascending order; `Limit` is the most that it can hold.
template <std::size_t Limit>
class SortedRegions {
 public:
    constexpr void insert(const Region& region) {
        if (region.range.size == 0) {
            return;
        }
        auto i = size_++;
        for (; i > 0 && region.range.base < regions_[i - 1].range.base; --i) {
            regions_[i] = regions_[i - 1];
        }
        regions_[i] = region;
    }
    template <class List>
    constexpr void insert_all(const List& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            insert(list[i]);
        }
    }
    constexpr std::size_t size() const { return size_; }
    constexpr const Region& operator[](std::size_t i) const { return regions_[i]; }

 private:
    std::array<Region, Limit> regions_{};
    std::size_t size_ = 0;
};

constexpr bool is_guard(const Description& d, const Layout& l, HostRange range) {
    for (std::size_t hart = 0; range.overlaps(l.stacks) && hart < d.board.harts.size(); ++hart) {
        if (range.overlaps({l.stacks.base + hart * stack_block, stack_guard})) {
            return true;
        }
    }
    return false;
}

constexpr Verdict judge_region(const Description& d, const Layout& l, std::size_t tree, const Region& region) {
    const auto writable = (static_cast<unsigned>(region.rights) & 2) != 0;
    if (writable && (region.rights == Rights::rwx || region.range.overlaps(constants_of(l)))) {
        return Verdict::asked_rights;
    }
    if (is_guard(d, l, region.range) || region.range.overlaps(d.board.firmware)) {
        return Verdict::asked_reserved;
    }
    return is_foreign(d, tree, region.range) ? Verdict::asked_shared : Verdict::holds;
}

/// What address space `tree` asks for: besides what all ask for, or, for the one without a guest, just that.
template <class List>
constexpr Finding prove_regions(const Description& d, const Layout& l, std::size_t tree, const List& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Region region = list[i];
        const auto verdict = region.range.size == 0 ? Verdict::holds : judge_region(d, l, tree, region);
        if (verdict != Verdict::holds) {
            return {verdict, tree, region.range.base.value};
        }
    }
    return {};
}

/// All regions of one address space.
template <std::size_t Limit>
constexpr Finding prove_order(std::size_t tree, const SortedRegions<Limit>& regions) {
    Hpa free{};
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const auto& range = regions[i].range;
        if ((range.base.value | range.size) % page_size != 0 || range.base < free || range.end() < range.base) {
            return {Verdict::disordered, tree, range.base.value};
        }
        free = range.end();
    }
    return {};
}

}  // namespace mullion::proof
