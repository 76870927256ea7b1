// SPDX-License-Identifier: Apache-2.0
#include "devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/check_board.hpp"
#include "device_kinds.hpp"
#include "device_reset.hpp"
#include "interrupts.hpp"
#include "links.hpp"
#include "merged.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

using Verdict = std::expected<void, std::string>;

/// Returns the property that makes `bus` more than a way to the machine's addresses; devices on it are then written
/// without the bus.
const Property* beyond_simple_bus(const Node& bus) {
    constexpr std::array<std::string_view, 10> simple{"compatible",     "#address-cells",  "#size-cells",     "ranges",
                                                      "phandle",        "dma-coherent",    "dma-noncoherent", "status",
                                                      "nonposted-mmio", "interrupt-parent"};
    const auto is_more = [&](const Property& property) {
        return std::ranges::find(simple, property.name) == simple.end() &&
               (property.name != "dma-ranges" || !property.value.empty());
    };
    const auto it = std::ranges::find_if(bus.properties, is_more);
    return it == bus.properties.end() ? nullptr : &*it;
}

/// Returns the beginning of a sentence about a node of the device, empty for the device itself.
std::string subject(const Node& node, const Node& device) {
    return &node == &device ? "" : fmt::format("has a node below it, {}, which ", node.title());
}

/// Returns whether `node` comes along with `device`: it and all nodes between them are enabled.
bool comes_along(const Node& node, const Node& device) {
    const auto* at = &node;
    while (at != &device && at->is_enabled()) {
        at = at->parent;
    }
    return at == &device;
}

/// Returns the sentence about a node that is kept, after the node's name.
std::string kept_text(Kept::Kind kind) {
    switch (kind) {
        case Kept::Kind::console:
            return "carries the consoles and stays Mullion's";
        case Kept::Kind::controller:
        case Kept::Kind::interrupt_files:
        case Kept::Kind::supervisor_file:
            return "is an interrupt controller and stays Mullion's";
        case Kept::Kind::iommu:
            return "stands between devices and memory and stays Mullion's";
        case Kept::Kind::timer:
            return "is a timer of the machine and stays the firmware's";
        case Kept::Kind::firmware:
            return "is memory that the firmware keeps";
    }
    return {};
}

/// Returns how a source refers to the node: "&rtc", "&{/soc/i2c@5000000/rtc@68}".
std::string source_name(const Node& node) {
    if (!node.labels.empty()) {
        return '&' + node.labels.front();
    }
    std::string path;
    for (const auto* at = &node; at->parent != nullptr; at = at->parent) {
        path.insert(0, '/' + at->name);
    }
    return fmt::format("&{{{}}}", path);
}

constexpr std::string_view wraps = "wraps around the end of all addresses";

/// Returns why `reg` of a node that is on a bus leads nowhere.
std::string unmapped_text(const Node& node, const Position& from) {
    for (const auto& range : node.reg().value_or(std::vector<HostRange>{})) {
        if (range.end() < range.base) {
            return fmt::format("has {} from {} on, which {}", exact_size(range.size), hex(range.base.value), wraps);
        }
    }
    for (const auto* bus = node.parent; bus != nullptr && bus->parent != nullptr; bus = bus->parent) {
        if (bus->wraps_around()) {
            return fmt::format("is on {}, whose ranges ({}) {}", bus->title(), reference(bus->where("ranges"), from),
                               wraps);
        }
    }
    return "has no address that the machine sees";
}

}  // namespace

/// Works out one grant.
class Granter {
 public:
    Granter(const Grants& all, const Node& device, const Node& partition)
        : all_(all), device_(device), partition_(partition), grant_{&device, {}, {}, false, false} {}

    /// Returns the grant, or why the first of its nodes that cannot be given cannot.
    std::expected<Grant, std::string> grant() {
        std::vector<const Node*> nodes;
        walk(device_, [&](const Node& node) { nodes.push_back(&node); });
        for (const auto* node : nodes) {
            if (const auto given = comes_along(*node, device_) ? give(*node) : Verdict{}; !given) {
                return std::unexpected{subject(*node, device_) + given.error()};
            }
        }
        // What is switched off is there all the same.
        for (const auto* node : nodes) {
            const bool is_hidden = !comes_along(*node, device_) && is_reached(*node);
            if (const auto fine = is_hidden ? judge(*node) : Verdict{}; !fine) {
                return std::unexpected{subject(*node, device_) + fine.error()};
            }
        }
        for (const auto* bus = device_.parent; bus != nullptr && bus->parent != nullptr; bus = bus->parent) {
            if (const auto* more = beyond_simple_bus(*bus)) {
                return std::unexpected{
                    fmt::format("is on {}, whose {} a guest's tree cannot carry", bus->title(), more->name)};
            }
        }
        // Registers of a node below the device may lie in the pages of the device's own.
        grant_.pages = merged(std::move(grant_.pages), std::identity{});
        return std::move(grant_);
    }

 private:
    const Position& at() const { return partition_.where("devices"); }

    /// Returns why no guest may have the node, whatever the node can do; empty if one may.
    std::string reserved(const Node& node) const {
        if (node.parent != nullptr && node.parent->name == "reserved-memory") {
            return "is memory that is reserved, not a device";
        }
        if (const auto kind = all_.kept_.as(node)) {
            return kept_text(*kind);
        }
        // Some controllers have no registers, or none that the machine sees.
        if (const auto kind = controller_kind(node)) {
            return kept_text(*kind);
        }
        if (node.find("msi-controller") != nullptr) {
            return kept_text(Kept::Kind::controller);
        }
        const auto* end = all_.machine_.ended_by(node);
        if (node.find("device_type") != nullptr || end == &node) {
            return "is a part of the machine, not a device";
        }
        if (end != nullptr) {
            return fmt::format("is a part of the machine, not a device: {} ({}) ends it by way of this", end->title(),
                               reference(end->at, at()));
        }
        return needed_text(node);
    }

    std::string needed_text(const Node& node) const {
        const auto need = all_.dependence_.on(node, partition_);
        if (!need) {
            return {};
        }
        const auto owner = need->partition == nullptr ? "" : fmt::format(" of '{}'", need->partition->name);
        const auto from = need->from == need->by ? "" : fmt::format(" of {}", need->from->title());
        return fmt::format("is not one guest's alone: {}{} needs it ({}{}, {})", need->by->title(), owner,
                           need->property->name, from, reference(need->property->at, at()));
    }

    /// Returns whether the node is, or may be, within the pages of the device, or is at no place that can be told.
    bool is_reached(const Node& node) const {
        const auto ranges = node.possible_ranges();
        return ranges.empty() || std::ranges::any_of(ranges, [&](const HostRange& range) {
                   return std::ranges::any_of(grant_.pages, [&](const auto& pages) { return pages.overlaps(range); });
               });
    }

    /// Returns the IOMMU that the node's DMA goes through; null if there is none that Mullion drives.
    const Node* iommu_of(const Node& node) const {
        for (const auto& use : uses_of(all_.tree_, node)) {
            if (use.target == all_.board_.iommu && use.property->name.starts_with("iommu")) {
                return use.target;
            }
        }
        return nullptr;
    }

    /// Judges what the node is, wherever its registers are.
    Verdict judge(const Node& node) {
        if (const auto why = reserved(node); !why.empty()) {
            return std::unexpected{why};
        }
        if (const auto* iommu = iommu_of(node)) {
            return std::unexpected{
                fmt::format("does DMA through {}, which stays Mullion's and lets nothing through", iommu->title())};
        }
        const bool dma = may_master(node, device_);
        if (dma && partition_.find("allow-unprotected-dma") == nullptr) {
            return std::unexpected{
                "may reach all of RAM by DMA; 'allow-unprotected-dma;' in the partition accepts that"};
        }
        if (is_open_client(node)) {
            return std::unexpected{
                fmt::format("is on a serial bus and may switch the board's power or hold its firmware, as nothing "
                            "shows that it does "
                            "not; without it: /delete-node/ {};",
                            source_name(node))};
        }
        const auto* coherence = coherence_of(node);
        grant_.unprotected_dma |= dma;
        grant_.noncoherent_dma |= dma && coherence != nullptr && coherence->name == "dma-noncoherent";
        return {};
    }

    Verdict give(const Node& node) {
        if (!node.is_enabled() && reserved(node).empty()) {
            return std::unexpected{
                fmt::format("is disabled on this board; if it is there: &{} {{ status = \"okay\"; }};", node.title())};
        }
        if (auto fine = judge(node); !fine) {
            return fine;
        }
        for (const auto* property : {"interrupt-map", "iommu-map", "msi-map"}) {
            if (node.find(property) != nullptr) {
                return std::unexpected{fmt::format("has a property that a guest's tree cannot carry: {}", property)};
            }
        }
        // What has no address of its own on the bus is behind a device that has.
        if (&node == &device_ || node.host_ranges()) {
            if (auto given = registers(node); !given) {
                return given;
            }
        }
        return interrupts(node);
    }

    Verdict registers(const Node& node) {
        if (node.find("reg") == nullptr) {
            return std::unexpected{"has no reg: there is nothing that a guest could reach"};
        }
        const auto ranges = node.host_ranges();
        if (!ranges) {
            return std::unexpected{unmapped_text(node, at())};
        }
        for (const auto& range : *ranges) {
            if (range.size == 0) {
                return std::unexpected{
                    fmt::format("has a reg of 0 bytes at {}: there is nothing that a guest could "
                                "reach",
                                hex(range.base.value))};
            }
            const auto holds = [&](const HostRange& own) { return own.contains(range.base, range.size); };
            if (std::ranges::any_of(grant_.pages, holds)) {
                continue;
            }
            if (!is_aligned(range.base.value, page_size)) {
                return std::unexpected{
                    fmt::format("begins at {}, inside a page: only whole pages can be granted", hex(range.base.value))};
            }
            const auto pages = pages_of(range);
            if (pages.end() <= pages.base) {
                return std::unexpected{fmt::format("has {} from {} on, which in whole pages {}", exact_size(range.size),
                                                   hex(range.base.value), wraps)};
            }
            if (const auto* other = all_.neighbours_.in(pages, device_)) {
                return std::unexpected{fmt::format("shares the page at {} with {}{}", hex(range.base.value),
                                                   other->title(), place_text(*other, pages))};
            }
            grant_.pages.push_back(pages);
        }
        return shape(node, ranges->front().size);
    }

    /// Returns why a neighbour may be in `pages` though its registers are not there, and what to do then; empty if they
    /// are.
    std::string place_text(const Node& other, const HostRange& pages) const {
        const auto windows = other.pci_windows();
        if (std::ranges::any_of(windows, [&](const HostRange& window) { return window.overlaps(pages); })) {
            return fmt::format(", whose ranges ({}) lead there", reference(other.where("ranges"), at()));
        }
        const auto ranges = other.host_ranges();
        if (ranges && other.parent->cell_sizes().size != 0) {
            return {};
        }
        const auto* bus = other.parent;
        while (bus->parent != nullptr && bus->find("ranges") != nullptr) {
            bus = bus->parent;
        }
        auto why = fmt::format("{} ({}) has no ranges", bus->title(), reference(bus->at, at()));
        if (bus->parent == nullptr) {
            why = fmt::format("its reg ({}) {}", reference(other.where("reg"), at()),
                              ranges ? "has no size" : "has no address that the machine sees");
        }
        return fmt::format(", which may be there, as {}: mend that, or /delete-node/ {};", why, source_name(other));
    }

    /// Judges where registers are within `size` bytes, by the properties of Linux's bindings of serial ports and
    /// others.
    Verdict shape(const Node& node, std::uint64_t size) const {
        const auto wrong = [&](const char* name, const std::string& what) {
            return std::unexpected{fmt::format("has a {} ({}) that {}", name, reference(node.where(name), at()), what)};
        };
        for (const auto* name : {"reg-shift", "reg-io-width", "reg-offset"}) {
            if (node.find(name) != nullptr && !node.cell(name)) {
                return wrong(name, "is not one number");
            }
        }
        const bool is_16550 = is_serial_port(node);
        const std::uint64_t count = is_16550 ? law::num_16550_registers : 1;
        const auto shift = node.cell("reg-shift").value_or(0);
        if (!law::holds_registers(size, shift, count)) {
            return node.find("reg-shift") == nullptr
                       ? wrong("reg", fmt::format("is {}: a 16550 has {} registers", exact_size(size), count))
                       : wrong("reg-shift",
                               fmt::format("is {}: registers would be outside its {}", shift, exact_size(size)));
        }
        const auto width = node.cell("reg-io-width").value_or(1);
        if (width != 1 && width != 2 && width != 4 && (width != 8 || is_16550)) {
            return wrong("reg-io-width", fmt::format("is {}: registers have {}", width,
                                                     is_16550 ? "1, 2 or 4 bytes" : "1, 2, 4 or 8 bytes"));
        }
        if (is_16550 && width > std::uint64_t{1} << shift) {
            return wrong("reg-io-width",
                         fmt::format("is {}: registers are {} apart", width, exact_size(std::uint64_t{1} << shift)));
        }
        const auto offset = node.cell("reg-offset").value_or(0);
        if (offset > size - (count << shift)) {
            return wrong("reg-offset",
                         fmt::format("is {}: registers would be outside its {}", hex(offset), exact_size(size)));
        }
        // An access that is not aligned to its width is none.
        if (is_16550 && !is_aligned(offset, width)) {
            return wrong("reg-offset", fmt::format("is {}: registers have {} bytes", hex(offset), width));
        }
        return {};
    }

    Verdict interrupts(const Node& node) {
        const auto interrupts = interrupts_of(all_.tree_, node, *all_.board_.controller);
        if (!interrupts) {
            return std::unexpected{"is malformed: " + interrupts.error()};
        }
        for (const auto& interrupt : *interrupts) {
            // The parts of a device may share a line.
            if (std::ranges::find(grant_.sources, interrupt.source, &Source::number) == grant_.sources.end()) {
                grant_.sources.push_back({interrupt.source, mode_of(interrupt)});
            }
        }
        return {};
    }

    const Grants& all_;
    const Node& device_;
    const Node& partition_;
    Grant grant_;
};

Grants::Grants(const Tree& tree, const BoardModel& board)
    : tree_(tree), board_(board), kept_(board), neighbours_(tree), machine_(tree, kept_), dependence_(tree, kept_) {}

std::expected<Grant, std::string> Grants::grant(const Node& device, const Node& partition) const {
    return Granter{*this, device, partition}.grant();
}

std::vector<const Node*> nodes_of(const Node& device) {
    std::vector<const Node*> nodes{&device};
    for (const auto& child : device.children) {
        if (child->is_enabled()) {
            const auto below = nodes_of(*child);
            nodes.insert(nodes.end(), below.begin(), below.end());
        }
    }
    return nodes;
}

}  // namespace mullion::partc
