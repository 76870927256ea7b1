// SPDX-License-Identifier: Apache-2.0
// Checks the rules that every description must obey. There is one check with three callers: partc (which prints file
// and line), the build (a static_assert) and the unit tests. It judges the description; the proof judges the tables.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/address.hpp"
#include "core/check_board.hpp"
#include "core/check_channels.hpp"
#include "core/check_devices.hpp"
#include "core/check_earlier.hpp"
#include "core/check_interrupts.hpp"
#include "core/check_pci.hpp"
#include "core/check_policy.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"
#include "core/imsic_layout.hpp"
#include "core/layout_of.hpp"

namespace mullion {

inline constexpr std::size_t max_name_length = 12;

/// Names that no guest may have, because they mean something else in a description, on the console or in a variable.
inline constexpr std::array<std::string_view, 17> reserved_names{
    "mullion", "compatible", "status",  "reg",      "ranges", "phandle", "partitions", "cpus",   "devices",
    "memory",  "kernel",     "ramdisk", "bootargs", "serial", "policy",  "verify",     "overlay"};

/// Returns whether the name is one of these, or asks for a kind of emulated device.
constexpr bool is_reserved(std::string_view name) {
    for (std::size_t i = 0; i < access_names.size(); ++i) {
        const auto kind = static_cast<DeviceKind>(i);
        if (is_asked_for(kind) && name == name_of(kind)) {
            return true;
        }
    }
    return std::ranges::find(reserved_names, name) != reserved_names.end();
}

/// Names that no guest may have, because the build writes files of these names beside the guest's NAME.dtb.
inline constexpr std::array<std::string_view, 8> file_names{"description", "report", "layout", "images",
                                                            "qemu",        "sizes",  "audit",  "partc"};

constexpr bool is_guest_name(std::string_view name) {
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto inner = [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '-'; };
    return !name.empty() && name.size() <= max_name_length && lower(name.front()) && std::ranges::all_of(name, inner);
}

namespace law {

/// Checks all rules for one description and calls `found(Finding)` for each breach.
template <class Found>
class Check {
 public:
    constexpr Check(const Description& description, Found& found) : d_(description), found_(found) {}

    constexpr void all() {
        hypervisor_.base = d_.board.load_address;
        // The size of the tables means something only for what can be mapped.
        if (has_index_bits(d_.board.imsic) && !lacks_guest_file(d_.board) && windows_mappable()) {
            hypervisor_.size = layout_of(d_).end() - d_.board.load_address;
        }
        find_narrowest();
        check_board(d_.board, hypervisor_, found_);
        if (!has_index_bits(d_.board.imsic)) {
            return;  // the windows cannot be compared with interrupt files
        }
        if (d_.guests.empty()) {
            found_(Finding{Rule::no_guest});
        }
        ChannelCheck{d_, found_}.all();
        for (std::uint32_t g = 0; g < d_.guests.size(); ++g) {
            guest_ = &d_.guests[g];
            index_ = g;
            name();
            harts();
            windows();
            neighbours();
            interrupt_files();
            check_devices(*guest_,
                          [this](Rule rule, std::size_t item, std::size_t other) { tell(rule, item, 0, other); });
            InterruptCheck{d_, index_, found_}.all();
            PciCheck{d_, index_, found_}.all();
            resets();
            loads();
            start();
            policy();
            services();
        }
    }

 private:
    constexpr void tell(Rule rule, std::size_t item = 0, std::size_t other_guest = 0, std::size_t other = 0) {
        found_(Finding{rule, index_, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(other_guest),
                       static_cast<std::uint32_t>(other)});
    }

    static constexpr bool is_mappable(const Window& w) {
        return w.size != 0 && is_aligned(w.size | w.at.value | w.to.value, page_size) &&
               fits(w.at.value, w.size, guest_address_end) && fits(w.to.value, w.size, host_address_end);
    }

    constexpr bool windows_mappable() const {
        return std::ranges::all_of(d_.guests,
                                   [](const Guest& g) { return std::ranges::all_of(g.windows, is_mappable); });
    }

    constexpr bool in_memory(GuestRange range, bool executable) const {
        return std::ranges::any_of(guest_->windows, [&](const Window& w) {
            return w.kind == WindowKind::memory && w.guest().contains(range.base, range.size) &&
                   (!executable || is_executable(w.rights));
        });
    }

    static constexpr bool is_executable(Rights rights) { return (static_cast<unsigned>(rights) & 4) != 0; }

    constexpr bool is_hart(std::uint32_t index) const { return index < d_.board.harts.size(); }

    constexpr void name() {
        if (!is_guest_name(guest_->name)) {
            tell(Rule::name_invalid);
        }
        if (is_reserved(guest_->name)) {
            tell(Rule::name_reserved);
        }
        if (std::ranges::find(file_names, guest_->name) != file_names.end()) {
            tell(Rule::name_of_file);
        }
        for (std::uint32_t k = 0; k < index_; ++k) {
            if (d_.guests[k].name == guest_->name) {
                tell(Rule::name_taken, 0, k);
            }
        }
    }

    constexpr void harts() {
        if (guest_->harts.empty()) {
            tell(Rule::no_hart);
        }
        for (std::size_t i = 0; i < guest_->harts.size(); ++i) {
            if (!is_hart(guest_->harts[i])) {
                tell(Rule::hart_unknown, i);
            }
            for_each_earlier(d_, index_, i, &Guest::harts, [&](std::uint32_t hart, std::uint32_t g, std::size_t k) {
                if (hart == guest_->harts[i]) {
                    tell(Rule::hart_taken, i, g, k);
                }
            });
        }
        const auto cannot_flush = [this](std::uint32_t hart) {
            return is_hart(hart) && !d_.board.harts[hart].features.has(Extension::zicbom);
        };
        const auto hart = std::ranges::find_if(guest_->harts, cannot_flush);
        if (hart != guest_->harts.end() && reads_around_caches(d_.board, *guest_)) {
            tell(Rule::hart_cannot_flush, static_cast<std::size_t>(hart - guest_->harts.begin()));
        }
    }

    constexpr void windows() {
        for (std::size_t i = 0; i < guest_->windows.size(); ++i) {
            const auto& w = guest_->windows[i];
            if (w.size == 0 || !is_aligned(w.size | w.at.value | w.to.value, page_size)) {
                tell(Rule::window_not_pages, i);
            }
            if (!fits(w.at.value, w.size, guest_address_end)) {
                tell(Rule::window_guest_too_high, i);
            }
            if (!fits(w.to.value, w.size, host_address_end)) {
                tell(Rule::window_host_too_high, i);
            }
            if (fits(w.at.value, w.size, guest_address_end) && !within_mode(w)) {
                tell(Rule::window_beyond_mode, i, 0, narrowest_);
            }
            // Comparing neighbours is enough: a list out of ascending order is refused here.
            if (i > 0 && guest_->windows[i - 1].guest().end() > w.at) {
                tell(Rule::windows_overlap, i, index_, i - 1);
            }
            kept(i, w);
            if (w.kind == WindowKind::memory) {
                memory(i, w);
            } else if (w.kind == WindowKind::channel) {
                memory(i, w);
                ChannelCheck{d_, found_}.window(index_, i, w);
            } else {
                device(i, w);
            }
        }
    }

    /// Returns whether every guest hart's widest G-stage mode reaches the window. A hart with SvNN is taken to have
    /// SvNNx4 (Shgatpa), whose addresses are two bits wider.
    constexpr bool within_mode(const Window& w) const {
        return !is_hart(narrowest_) ||
               fits(w.at.value, w.size, std::uint64_t{4} << d_.board.harts[narrowest_].mmu_bits);
    }

    constexpr void find_narrowest() {
        for (const auto& guest : d_.guests) {
            for (const auto hart : guest.harts) {
                const auto& harts = d_.board.harts;
                if (is_hart(hart) && (!is_hart(narrowest_) || harts[hart].mmu_bits < harts[narrowest_].mmu_bits)) {
                    narrowest_ = hart;
                }
            }
        }
    }

    constexpr void memory(std::size_t item, const Window& w) {
        if (!in_ram(d_.board, w.host())) {
            tell(Rule::memory_outside_ram, item);
        }
        if (w.host().overlaps(hypervisor_)) {
            tell(Rule::host_is_hypervisor, item);
        }
        // Without an IOMMU the addresses that a guest gives to its device are host addresses. Were they others than the
        // guest's own, the device would access somebody else's memory.
        if (guest_->unprotected_dma && w.at.value != w.to.value) {
            tell(Rule::dma_elsewhere, item);
        }
    }

    /// Reports a window on anything that Mullion or the firmware keeps. Only guests' own interrupt files may be in such
    /// a range.
    constexpr void kept(std::size_t item, const Window& w) {
        const auto counts = [&](const Kept& row) {
            return row.kind != Kept::Kind::interrupt_files || w.kind != WindowKind::interrupt_file;
        };
        const auto row = first_kept(d_.board, w.host(), counts);
        if (row != KeptList{d_.board}.size()) {
            tell(Rule::host_is_kept, item, 0, row);
        }
        const auto& reserved = d_.board.reserved;
        const auto met = std::ranges::find_if(reserved, [&](const auto& range) { return range.overlaps(w.host()); });
        if (met != reserved.end()) {
            tell(Rule::host_is_reserved, item, 0, static_cast<std::size_t>(met - reserved.begin()));
        }
    }

    constexpr void device(std::size_t item, const Window& w) {
        if (is_executable(w.rights)) {
            tell(Rule::device_executable, item);
        }
        if (std::ranges::any_of(d_.board.ram, [&](const auto& ram) { return ram.overlaps(w.host()); })) {
            tell(Rule::device_over_ram, item);
        }
    }

    /// Reports host bytes that two windows reach, of two guests or of one, unless it is a channel that two guests have.
    constexpr void neighbours() {
        for (std::size_t i = 0; i < guest_->windows.size(); ++i) {
            const auto host = guest_->windows[i].host();
            for_each_earlier(d_, index_, i, &Guest::windows, [&](const Window& w, std::uint32_t g, std::size_t k) {
                const bool in_channel = g != index_ && share_channel(w, guest_->windows[i]);
                if (host.overlaps(w.host()) && !in_channel) {
                    tell(Rule::host_shared, i, g, k);
                }
            });
        }
    }

    /// Checks that the n-th interrupt file window is the guest interrupt file of the guest's hart n, and that these
    /// windows are one page apart. So the address that a guest computes from its tree for an MSI to hart n reaches that
    /// file and no other.
    constexpr void interrupt_files() {
        if (lacks_guest_file(d_.board)) {
            return;
        }
        const auto files = d_.board.imsic.exists() ? guest_->harts.size() : 0;
        std::size_t n = 0;
        Gpa expected{};
        for (const auto& w : guest_->windows) {
            if (w.kind != WindowKind::interrupt_file) {
                continue;
            }
            const bool own = n < files && is_hart(guest_->harts[n]) && w.to == guest_file_of(n);
            if (!own || w.size != page_size || (n != 0 && w.at != expected)) {
                tell(Rule::wrong_interrupt_file, n);
            }
            expected = w.at + page_size;
            ++n;
        }
        for (; n < files; ++n) {
            tell(Rule::wrong_interrupt_file, n);
        }
    }

    constexpr Hpa guest_file_of(std::size_t hart) const {
        return interrupt_file(d_.board.imsic, d_.board.harts[guest_->harts[hart]].imsic_index, guest_file);
    }

    constexpr void resets() {
        for (std::size_t i = 0; i < guest_->resets.size(); ++i) {
            const auto& [at, value, bytes, awaited] = guest_->resets[i];
            const bool is_access =
                ((!awaited && (bytes == 1 || bytes == 2)) || bytes == 4) && is_aligned(at.value, bytes);
            // The last window that begins at or before `at`: a list out of ascending order is refused elsewhere.
            const auto behind = std::ranges::upper_bound(guest_->windows, at, {}, &Window::at);
            const auto takes = [&](const Window& w) {
                return w.kind == WindowKind::device && w.rights == Rights::rw && w.guest().contains(at, bytes);
            };
            if (!is_access || behind == guest_->windows.begin() || !takes(*(behind - 1))) {
                tell(Rule::reset_outside_device, i);
            }
        }
    }

    constexpr void loads() {
        for (std::size_t i = 0; i < guest_->loads.size(); ++i) {
            const auto& load = guest_->loads[i];
            if (load.image >= d_.images.size()) {
                tell(Rule::image_unknown, i);
            } else if (load.offset > d_.images[load.image].size ||
                       load.size > d_.images[load.image].size - load.offset) {
                tell(Rule::load_outside_image, i);
            }
            const GuestRange target{load.to, load.size};
            if (!in_memory(target, false)) {
                tell(Rule::load_outside_memory, i);
            }
            for (std::size_t k = 0; k < i; ++k) {
                if (target.overlaps({guest_->loads[k].to, guest_->loads[k].size})) {
                    tell(Rule::loads_overlap, i, index_, k);
                }
            }
        }
    }

    constexpr void start() {
        // An instruction is at least 2 bytes; with IALIGN = 16 an even address is enough.
        if (!is_aligned(guest_->entry.value, 2) || !in_memory({guest_->entry, 2}, true)) {
            tell(Rule::entry_outside_memory);
        }
        // The Linux boot protocol and the devicetree specification (5.6) want 8-byte alignment.
        if (!is_aligned(guest_->tree.value, 8) || !in_memory({guest_->tree, 8}, false)) {
            tell(Rule::tree_outside_memory);
        }
        if (guest_->seed.exists() && !is_seed_in_tree()) {
            tell(Rule::seed_outside_tree);
        }
    }

    constexpr bool is_seed_in_tree() const {
        const auto& at = guest_->seed.at;
        const auto tree = std::ranges::find(guest_->loads, guest_->tree, &Load::to);
        return tree != guest_->loads.end() && is_aligned(at.value, 4) &&
               GuestRange{tree->to, tree->size}.contains(at, SeedPlace::size);
    }

    constexpr void policy() {
        const auto found = [this](Rule rule, std::uint32_t item) { tell(rule, item); };
        check_limits(guest_->policy, found);
        check_stop(guest_->policy.stop, found);
        check_start(d_.guests, index_, found);
    }

    /// Checks that the image has each service that the guest needs.
    constexpr void services() {
        const auto needs = [this](Service service, bool wanted) {
            if (wanted && !d_.services.has(service)) {
                tell(Rule::service_left_out, static_cast<std::size_t>(service));
            }
        };
        needs(Service::verification, guest_->verified);
        needs(Service::terminal, guest_->policy.start.by_operator);
        needs(Service::sse, guest_->policy.stop.request == StopRequest::software_event);
        needs(Service::policies, guest_->policy.decides_ends());
    }

    const Description& d_;
    Found& found_;
    HostRange hypervisor_;
    const Guest* guest_ = nullptr;
    std::uint32_t index_ = 0;
    std::uint32_t narrowest_ =
        Finding::board;  ///< guest hart with the least mmu_bits; Finding::board if no guest has a hart
};

}  // namespace law

/// Calls `found(Finding)` for every breach of the rules, first of the board, then guest by guest.
template <class Found>
constexpr void check(const Description& description, Found found) {
    law::Check<Found>{description, found}.all();
}

/// Returns the first breach, nothing if the description obeys the rules.
constexpr std::optional<Finding> first_finding(const Description& description) {
    std::optional<Finding> first;
    check(description, [&](const Finding& finding) { first = first ? first : finding; });
    return first;
}

}  // namespace mullion
