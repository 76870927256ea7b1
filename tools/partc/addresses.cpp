// SPDX-License-Identifier: Apache-2.0
// Finds where in the machine the registers of a node are (devicetree specification 2.3.5 to 2.3.8).
#include <algorithm>
#include <span>

#include "tree.hpp"

namespace mullion::partc {
namespace {

/// An entry of `ranges`: `own` addresses of a bus are at `above` on its parent bus.
struct RangesEntry {
    HostRange own;
    Hpa above;
    std::uint32_t kind = 0;  ///< the first of three address cells: phys.hi of PCI
};

constexpr bool wraps(const HostRange& range) {
    return range.size != 0 && range.end() <= range.base;
}

constexpr HostRange everywhere{{0}, ~std::uint64_t{0}};

/// Returns where a range may be: anywhere if it wraps around the end of the address space.
HostRange possible(const HostRange& range) {
    return wraps(range) ? everywhere : range;
}

/// Returns the entries of a bus's `ranges` (devicetree specification 2.3.8), nothing if it is malformed. The first of
/// three address cells is the kind of address (PCI).
std::optional<std::vector<RangesEntry>> entries_of(const Node& bus) {
    const auto cells = bus.find("ranges")->cells();
    const auto [child, size] = bus.cell_sizes();
    const auto parent = bus.parent->cell_sizes().address;
    const std::size_t step = std::size_t{child} + parent + size;
    if (!cells || child < 1 || child > 3 || parent < 1 || parent > 2 || size < 1 || size > 2 ||
        cells->size() % step != 0) {
        return std::nullopt;
    }
    std::vector<RangesEntry> entries;
    for (std::size_t i = 0; i < cells->size(); i += step) {
        const auto entry = std::span{*cells}.subspan(i, step);
        const auto address = entry.first(child);
        entries.push_back({{{joined(address.last(std::min(child, 2U)))}, joined(entry.last(size))},
                           {joined(entry.subspan(child, parent))},
                           child == 3 ? address.front() : 0});
    }
    return entries;
}

/// Translates a range of the bus's addresses to its parent's: unchanged if `ranges` is empty, else by the entry that
/// contains all of it.
std::optional<HostRange> above(const Node& bus, HostRange range) {
    if (bus.find("ranges") == nullptr) {
        return std::nullopt;
    }
    if (bus.find("ranges")->value.empty()) {
        return range;
    }
    for (const auto& [own, to, kind] : entries_of(bus).value_or(std::vector<RangesEntry>{})) {
        const HostRange host{to + (range.base.value - own.base.value), range.size};
        if (!wraps(own) && !wraps({to, own.size}) && own.contains(range.base, range.size)) {
            return host;
        }
    }
    return std::nullopt;
}

/// Returns the entries of `ranges` of a PCI host bridge, none of any other node.
std::vector<RangesEntry> pci_entries(const Node& node) {
    return node.is_type("pci") && node.parent != nullptr && node.find("ranges") != nullptr
               ? entries_of(node).value_or(std::vector<RangesEntry>{})
               : std::vector<RangesEntry>{};
}

/// Returns where in the machine a host bridge has the addresses of an entry, nothing if it leads nowhere.
std::optional<HostRange> window_of(const Node& bridge, const RangesEntry& entry) {
    std::optional window{possible({entry.above, entry.own.size})};
    for (const auto* bus = bridge.parent; window && bus->parent != nullptr; bus = bus->parent) {
        window = above(*bus, *window);
    }
    return window;
}

/// Returns where a node may be whose address the bus does not translate: anywhere, but on PCI, where an address need
/// not be one of memory, in all that the bus maps.
std::vector<HostRange> may_be_above(const Node& bus) {
    const auto entries = bus.cell_sizes().address == 3 ? entries_of(bus) : std::nullopt;
    if (!entries) {
        return {everywhere};
    }
    std::vector<HostRange> ranges;
    for (const auto& entry : *entries) {
        ranges.push_back(possible({entry.above, entry.own.size}));
    }
    return ranges;
}

/// Returns whether an address between `node` and the root is a chip's number, on a bus like I2C, which has no `ranges`.
bool is_numbered(const Node& node) {
    const auto* at = &node;
    while (at->parent != nullptr && (at->find("reg") == nullptr || at->parent->cell_sizes().size != 0 ||
                                     at->parent->find("ranges") != nullptr)) {
        at = at->parent;
    }
    return at->parent != nullptr;
}

/// Returns whether addresses below the node are of bytes that a device stores (Linux, bindings/mtd/partitions and
/// bindings/nvmem/layouts).
bool is_storage(const Node& node) {
    return node.is_compatible("fixed-partitions") || node.is_compatible("fixed-layout");
}

/// Returns where registers at `ranges` of `bus` may be, which has no `ranges` for the addresses below it.
std::vector<HostRange> untranslated(const Node& bus, std::vector<HostRange> ranges) {
    // A folder: Linux treats its addresses as host addresses.
    if (bus.name == "reserved-memory" && bus.parent->parent == nullptr) {
        return ranges;
    }
    const auto* whole = &bus;
    while (whole->parent != nullptr && whole->find("reg") == nullptr) {
        whole = whole->parent;
    }
    // Offsets in the registers of a device above, as those of a PHY in a syscon or a cell of fuses (Linux,
    // bindings/mfd/syscon.yaml and bindings/nvmem/nvmem.yaml), are not outside these.
    const auto there = whole->reg().value_or(std::vector<HostRange>{});
    const auto fits = [&](const HostRange& range) {
        return std::ranges::any_of(there, [&](const HostRange& registers) {
            return HostRange{{0}, registers.size}.contains(range.base, range.size);
        });
    };
    return is_storage(bus) || std::ranges::all_of(ranges, fits) ? whole->possible_ranges() : std::vector{everywhere};
}

}  // namespace

CellSizes Node::cell_sizes() const {
    return {cell("#address-cells").value_or(2), cell("#size-cells").value_or(1)};
}

std::optional<std::vector<HostRange>> Node::reg(std::string_view property) const {
    const auto* found = find(property);
    if (found == nullptr || parent == nullptr) {
        return std::nullopt;
    }
    const auto cells = found->cells().value_or(std::vector<std::uint32_t>{});
    const auto [address, size] = parent->cell_sizes();
    const std::size_t step = std::size_t{address} + size;
    if (address < 1 || address > 2 || size > 2 || cells.empty() || cells.size() % step != 0) {
        return std::nullopt;
    }
    std::vector<HostRange> ranges;
    for (std::size_t i = 0; i < cells.size(); i += step) {
        const std::span all{cells};
        ranges.push_back({{joined(all.subspan(i, address))}, joined(all.subspan(i + address, size))});
    }
    return ranges;
}

std::optional<std::vector<HostRange>> Node::host_ranges(std::string_view property) const {
    auto ranges = reg(property);
    for (const auto* bus = parent; ranges && bus != nullptr && bus->parent != nullptr; bus = bus->parent) {
        for (auto& range : *ranges) {
            const auto host = above(*bus, range);
            if (!host) {
                return std::nullopt;
            }
            range = *host;
        }
    }
    return ranges && std::ranges::none_of(*ranges, wraps) ? ranges : std::nullopt;
}

std::vector<HostRange> Node::possible_ranges() const {
    if (find("reg") == nullptr || parent == nullptr || is_numbered(*this)) {
        return {};
    }
    // An address without a size does not say where the registers end.
    auto ranges = (parent->cell_sizes().size == 0 ? std::nullopt : reg()).value_or(std::vector{everywhere});
    std::ranges::transform(ranges, ranges.begin(), possible);
    for (const auto* bus = parent; bus->parent != nullptr; bus = bus->parent) {
        if (bus->find("ranges") == nullptr) {
            return untranslated(*bus, std::move(ranges));
        }
        std::vector<HostRange> higher;
        for (const auto& range : ranges) {
            const auto host = above(*bus, range);
            if (!host) {
                higher = may_be_above(*bus);
                break;
            }
            higher.push_back(*host);
        }
        ranges = std::move(higher);
    }
    return ranges;
}

std::vector<HostRange> Node::pci_windows() const {
    std::vector<HostRange> windows;
    for (const auto& entry : pci_entries(*this)) {
        if (const auto window = window_of(*this, entry)) {
            windows.push_back(*window);
        }
    }
    return windows;
}

std::vector<HostRange> Node::pci_memory() const {
    std::vector<HostRange> windows;
    for (const auto& entry : pci_entries(*this)) {
        const auto window = window_of(*this, entry);
        const bool is_memory = (entry.kind >> 24 & 0b10) != 0;  // of 32 bits (2) or 64 (3); ports are 1
        if (is_memory && window == entry.own && window->size != 0) {
            windows.push_back(*window);
        }
    }
    std::ranges::sort(windows, {}, &HostRange::base);
    return windows;
}

bool Node::may_be_anywhere() const {
    const auto ranges = possible_ranges();
    return std::ranges::find(ranges, everywhere) != ranges.end();
}

bool Node::wraps_around() const {
    const auto entries = find("ranges") == nullptr || find("ranges")->value.empty() ? std::nullopt : entries_of(*this);
    return entries && std::ranges::any_of(*entries, [](const RangesEntry& entry) {
               return wraps(entry.own) || wraps({entry.above, entry.own.size});
           });
}
}  // namespace mullion::partc
