// SPDX-License-Identifier: Apache-2.0
#include "devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/kept.hpp"
#include "device_kinds.hpp"
#include "device_reset.hpp"
#include "interrupts.hpp"
#include "links.hpp"
#include "merged.hpp"
#include "pci.hpp"
#include "register_places.hpp"
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
        : all_(all), device_(device), partition_(partition), grant_{.node = &device} {}

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

    /// The grant of a PCI function below `bridge`, or why it cannot be given.
    std::expected<Grant, std::string> function(const Node& bridge) {
        const auto& board = all_.board_;
        if (const auto why = tied(device_); !why.empty()) {
            return std::unexpected{why};
        }
        if (&bridge != board.pci) {
            return std::unexpected{
                fmt::format("is a PCI function that may reach all of RAM by DMA: {} does not lead "
                            "through an IOMMU that Mullion drives",
                            bridge.title())};
        }
        if (board.imsic == nullptr) {
            return std::unexpected{"is a PCI function, which needs MSIs, and the board has no IMSIC"};
        }
        if (!device_.is_enabled()) {
            return disabled(device_);
        }
        auto function = read_function(device_, bridge);
        if (!function) {
            return std::unexpected{function.error()};
        }
        const auto id = device_id_of(all_.tree_, bridge, *board.iommu, function->number);
        if (!id) {
            return std::unexpected{fmt::format("is a PCI function whose DMA does not go through {}: see iommu-map ({})",
                                               board.iommu->title(), reference(bridge.where("iommu-map"), at()))};
        }
        function->device_id = *id;
        for (const auto& bar : function->bars) {
            const auto pages = pages_of({bar.base, bar.size});
            if (!bar.exists()) {
                continue;
            }
            if (const auto* other = beside(pages, bridge)) {
                return std::unexpected{
                    fmt::format("shares the page at {} with {}", hex(pages.base.value), other->title())};
            }
            grant_.pages.push_back(pages);
        }
        const auto* coherence = coherence_of(device_);
        grant_.noncoherent_dma = coherence != nullptr && coherence->name == "dma-noncoherent";
        grant_.function = *function;
        return std::move(grant_);
    }

 private:
    const Position& at() const { return partition_.where("devices"); }

    /// Returns another node of the board in pages of a function: another function, or what is no part of the bridge.
    const Node* beside(const HostRange& pages, const Node& bridge) const {
        const Node* found = all_.neighbours_.in(pages, bridge);
        walk(bridge, [&](const Node& node) {
            const auto meets = [&](const HostRange& memory) { return pages_of(memory).overlaps(pages); };
            if (found == nullptr && &node != &device_ && std::ranges::any_of(memory_of(node), meets)) {
                found = &node;
            }
        });
        return found;
    }

    /// Returns why no guest may have the node, whatever the node can do; empty if one may.
    std::string reserved(const Node& node) const {
        if (node.parent != nullptr && node.parent->name == "reserved-memory") {
            return "is memory that is reserved, not a device";
        }
        if (const auto kind = all_.kept_.as(node)) {
            return std::string{kept_text(*kind)};
        }
        // Some controllers have no registers, or none that the machine sees.
        if (const auto kind = controller_kind(node)) {
            return std::string{kept_text(*kind)};
        }
        if (node.find("msi-controller") != nullptr) {
            return std::string{kept_text(Kept::Kind::controller)};
        }
        if (node.find("device_type") != nullptr) {
            return "is a part of the machine, not a device";
        }
        return tied(node);
    }

    /// Why the node is not a guest's because of others that depend on it; empty if none does.
    std::string tied(const Node& node) const {
        const auto* end = all_.machine_.ended_by(node);
        if (end == &node) {
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

    static std::unexpected<std::string> disabled(const Node& node) {
        return std::unexpected{
            fmt::format("is disabled on this board; if it is there: &{} {{ status = \"okay\"; }};", node.title())};
    }

    Verdict give(const Node& node) {
        if (!node.is_enabled() && reserved(node).empty()) {
            return disabled(node);
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
        const auto wrong = misplaced_registers(node, ranges->front().size, at());
        return wrong.empty() ? Verdict{} : std::unexpected{wrong};
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
    Granter granter{*this, device, partition};
    const auto* bridge = pci_host_above(device);
    return bridge == nullptr ? granter.grant() : granter.function(*bridge);
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
