// SPDX-License-Identifier: Apache-2.0
#include "devices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "text.hpp"

namespace mullion::partc {
namespace {

/// Devices that cannot master the bus. Whatever else they can do is the business of who grants them.
constexpr std::array<std::string_view, 2> without_dma{"google,goldfish-rtc", "ns16550a"};

/// Properties that mean the same in a guest's tree: they point at no other node.
constexpr std::array<std::string_view, 11> copied{
    "compatible",   "reg",        "interrupts", "reg-names",       "interrupt-names", "reg-shift",
    "reg-io-width", "reg-offset", "fifo-size",  "clock-frequency", "dma-coherent"};

/// Of a granted device, but written anew or not at all.
constexpr std::array<std::string_view, 3> replaced{"phandle", "interrupt-parent", "status"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

/// Why the device is not a guest's whatever it can do; empty when it may be.
std::string reserved(const BoardModel& board, const Node& device) {
    if (&device == board.uart) {
        return "carries the consoles and stays Mullion's";
    }
    if (device.find("interrupt-controller") != nullptr || device.find("msi-controller") != nullptr) {
        return "is an interrupt controller and stays Mullion's";
    }
    if (device.is_compatible("syscon") || device.find("device_type") != nullptr) {
        return "is a part of the machine, not a device";
    }
    return {};
}

/// The first other node that lies in `pages`.
const Node* neighbour(const Node& at, const Node& device, const HostRange& pages) {
    for (const auto& child : at.children) {
        if (child.get() != &device) {
            const auto ranges = child->host_ranges();
            const auto meets = [&](const HostRange& r) { return r.overlaps(pages); };
            if (ranges && std::ranges::any_of(*ranges, meets)) {
                return child.get();
            }
        }
        if (const auto* below = neighbour(*child, device, pages)) {
            return below;
        }
    }
    return nullptr;
}

std::expected<std::vector<HostRange>, std::string> pages_of(const Tree& tree, const Node& device) {
    if (device.find("reg") == nullptr) {
        return std::unexpected{"has no reg: there is nothing that a guest could reach"};
    }
    const auto ranges = device.host_ranges();
    if (!ranges) {
        return std::unexpected{"has no address that the machine sees unchanged"};
    }
    std::vector<HostRange> pages;
    for (const auto& range : *ranges) {
        if (range.size == 0 || !is_aligned(range.base.value, page_size)) {
            return std::unexpected{
                fmt::format("begins at {}, inside a page: only whole pages can be granted", hex(range.base.value))};
        }
        pages.push_back({range.base, align_up(range.size, page_size)});
        if (const auto* other = neighbour(tree.root(), device, pages.back())) {
            return std::unexpected{fmt::format("shares the page at {} with {}", hex(range.base.value), other->title())};
        }
    }
    return pages;
}

}  // namespace

bool is_copied(std::string_view property) {
    return is_one_of(property, copied);
}

std::expected<Grant, std::string> grant(const Tree& tree, const BoardModel& board, const Node& device,
                                        bool dma_allowed) {
    if (const auto why = reserved(board, device); !why.empty()) {
        return std::unexpected{why};
    }
    if (!device.is_enabled()) {
        return std::unexpected{
            fmt::format("is disabled on this board; if it is there: &{} {{ status = \"okay\"; }};", device.title())};
    }
    const bool dma = std::ranges::none_of(without_dma, [&](auto name) { return device.is_compatible(name); });
    if (dma && !dma_allowed) {
        return std::unexpected{fmt::format(
            "may reach all of RAM by DMA (known not to: {}); 'allow-unprotected-dma;' in the partition accepts that",
            fmt::join(without_dma, ", "))};
    }
    for (const auto& property : device.properties) {
        if (!is_copied(property.name) && !is_one_of(property.name, replaced)) {
            return std::unexpected{fmt::format("has a property that a guest's tree cannot carry: {}", property.name)};
        }
    }
    if (!device.children.empty()) {
        return std::unexpected{"has nodes below it, which a guest's tree cannot carry"};
    }
    auto pages = pages_of(tree, device);
    if (!pages) {
        return std::unexpected{std::move(pages.error())};
    }
    const auto interrupts = interrupts_of(tree, device, *board.aplic);
    if (!interrupts) {
        return std::unexpected{"has interrupts that are not the aplic's"};
    }
    Grant grant{&device, std::move(*pages), {}, dma};
    std::ranges::transform(*interrupts, std::back_inserter(grant.sources), &Interrupt::source);
    return grant;
}

}  // namespace mullion::partc
