// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace mullion::partc {
namespace {

std::uint64_t joined(std::span<const std::uint32_t> cells) {
    std::uint64_t value = 0;
    for (const auto cell : cells) {
        value = value << 32 | cell;
    }
    return value;
}

/// An entry of `ranges`: `own` addresses of a bus are at `above` on its parent bus.
struct RangesEntry {
    HostRange own;
    Hpa above;
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
                           {joined(entry.subspan(child, parent))}});
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
    for (const auto& [own, to] : entries_of(bus).value_or(std::vector<RangesEntry>{})) {
        const HostRange host{to + (range.base.value - own.base.value), range.size};
        if (!wraps(own) && !wraps({to, own.size}) && own.contains(range.base, range.size)) {
            return host;
        }
    }
    return std::nullopt;
}

/// Returns everything that the bus maps.
std::vector<HostRange> all_above(const Node& bus) {
    const auto entries = entries_of(bus);
    if (!entries) {
        return {everywhere};
    }
    std::vector<HostRange> ranges;
    for (const auto& entry : *entries) {
        ranges.push_back(possible({entry.above, entry.own.size}));
    }
    return ranges;
}

/// Returns whether an address between `node` and the root is a chip's number, on a bus like I2C.
bool is_numbered(const Node& node) {
    const auto* at = &node;
    while (at->parent != nullptr && (at->find("reg") == nullptr || at->parent->cell_sizes().size != 0)) {
        at = at->parent;
    }
    return at->parent != nullptr;
}

/// Returns where `node` may be, whose `ranges` on `bus` have no known translation to host addresses.
std::vector<HostRange> untranslated(const Node& node, const Node& bus, std::vector<HostRange> ranges) {
    // A folder: Linux treats its addresses as host addresses.
    if (bus.name == "reserved-memory" && bus.parent->parent == nullptr) {
        return ranges;
    }
    // A node that is no device, such as a cell of fuses, is a part of the node above that has registers.
    const auto* whole = node.find("compatible") == nullptr ? &bus : nullptr;
    while (whole != nullptr && whole->find("reg") == nullptr) {
        whole = whole->parent;
    }
    return whole == nullptr ? std::vector{everywhere} : whole->possible_ranges();
}

/// Finds the cells that are references by comparing a tree with the same tree with higher phandles. Additional nodes of
/// the other tree come last.
class ReferenceFinder {
 public:
    ReferenceFinder(Node& root, const Node& renumbered) {
        compare_phandles(root, renumbered);
        compare_properties(root, renumbered);
    }

 private:
    void compare_phandles(Node& node, const Node& renumbered) {
        const auto phandle = node.cell("phandle");
        const auto other = renumbered.cell("phandle");
        node.has_number = phandle && phandle == other;
        if (phandle && other && phandle != other) {
            moved_.emplace(*phandle, *other);
        }
        for (std::size_t i = 0; i < std::min(node.children.size(), renumbered.children.size()); ++i) {
            compare_phandles(*node.children[i], *renumbered.children[i]);
        }
    }

    void compare_properties(Node& node, const Node& renumbered) const {
        for (auto& property : node.properties) {
            if (const auto* other = renumbered.find(property.name)) {
                property.references = moved_cells(property, *other);
            }
        }
        for (std::size_t i = 0; i < std::min(node.children.size(), renumbered.children.size()); ++i) {
            compare_properties(*node.children[i], *renumbered.children[i]);
        }
    }

    /// Returns the offsets of cells that differ. They need not be aligned, as strings may come before them.
    std::vector<std::size_t> moved_cells(const Property& property, const Property& other) const {
        constexpr std::size_t cell = 4;
        std::vector<std::size_t> offsets;
        for (std::size_t at = 0; at + cell <= std::min(property.value.size(), other.value.size());) {
            const auto it = moved_.find(property.cell_at(at));
            const bool is_moved = it != moved_.end() && it->second == other.cell_at(at);
            if (is_moved) {
                offsets.push_back(at);
            }
            at += is_moved ? cell : 1;
        }
        return offsets;
    }

    std::map<std::uint32_t, std::uint32_t> moved_;  ///< phandles and their values in the other tree
};

/// Returns a name that two siblings have, empty if there is none.
template <class Named>
std::string name_of_two_among(const std::vector<Named>& siblings, auto name) {
    std::vector<std::string_view> names;
    std::ranges::transform(siblings, std::back_inserter(names), name);
    std::ranges::sort(names);
    const auto two = std::ranges::adjacent_find(names);
    return two == names.end() ? "" : std::string(*two);
}

}  // namespace

std::uint32_t Property::cell_at(std::size_t offset) const {
    std::uint32_t cell = 0;
    for (std::size_t i = offset; i < offset + 4; ++i) {
        cell = cell << 8 | value[i];
    }
    return cell;
}

std::optional<std::vector<std::uint32_t>> Property::cells() const {
    if (value.size() % 4 != 0) {
        return std::nullopt;
    }
    std::vector<std::uint32_t> cells;
    for (std::size_t i = 0; i < value.size(); i += 4) {
        cells.push_back(cell_at(i));
    }
    return cells;
}

std::optional<std::vector<std::string>> Property::strings() const {
    if (value.empty() || value.back() != 0) {
        return std::nullopt;
    }
    std::vector<std::string> strings{{}};
    for (const auto byte : value) {
        if (byte == 0) {
            strings.emplace_back();
        } else if (std::iscntrl(byte) != 0) {
            return std::nullopt;
        } else {
            strings.back() += static_cast<char>(byte);
        }
    }
    strings.pop_back();
    return strings;
}

std::optional<std::string> Property::string() const {
    const auto all = strings();
    return all && all->size() == 1 ? std::optional{all->front()} : std::nullopt;
}

std::optional<std::uint64_t> Property::number() const {
    const auto all = cells();
    return all && (all->size() == 1 || all->size() == 2) ? std::optional{joined(*all)} : std::nullopt;
}

const Property* Node::find(std::string_view property) const {
    const auto it = std::ranges::find(properties, property, &Property::name);
    return it == properties.end() ? nullptr : &*it;
}

const Node* Node::child(std::string_view node) const {
    const auto it = std::ranges::find_if(children, [&](const auto& c) { return c->name == node; });
    return it == children.end() ? nullptr : it->get();
}

bool Node::is_compatible(std::string_view wanted) const {
    const auto* property = find("compatible");
    const auto strings = property == nullptr ? std::nullopt : property->strings();
    return strings && std::ranges::find(*strings, wanted) != strings->end();
}

bool Node::is_type(std::string_view type) const {
    const auto* property = find("device_type");
    return property != nullptr && property->string() == type;
}

bool Node::is_enabled() const {
    const auto* status = find("status");
    return status == nullptr || status->string() == "okay" || status->string() == "ok";
}

const Position& Node::where(std::string_view property) const {
    const auto* found = find(property);
    return found == nullptr ? at : found->at;
}

std::optional<std::uint32_t> Node::cell(std::string_view property) const {
    const auto* found = find(property);
    if (found == nullptr) {
        return std::nullopt;
    }
    const auto cells = found->cells();
    return cells && cells->size() == 1 ? std::optional{cells->front()} : std::nullopt;
}

CellSizes Node::cell_sizes() const {
    return {cell("#address-cells").value_or(2), cell("#size-cells").value_or(1)};
}

std::optional<std::vector<HostRange>> Node::reg() const {
    const auto* property = find("reg");
    if (property == nullptr || parent == nullptr) {
        return std::nullopt;
    }
    const auto cells = property->cells().value_or(std::vector<std::uint32_t>{});
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

std::optional<std::vector<HostRange>> Node::host_ranges() const {
    auto ranges = reg();
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
    auto ranges = reg().value_or(std::vector{everywhere});
    std::ranges::transform(ranges, ranges.begin(), possible);
    for (const auto* bus = parent; bus->parent != nullptr; bus = bus->parent) {
        if (bus->find("ranges") == nullptr) {
            return untranslated(*this, *bus, std::move(ranges));
        }
        std::vector<HostRange> higher;
        for (const auto& range : ranges) {
            const auto host = above(*bus, range);
            if (!host) {
                higher = all_above(*bus);
                break;
            }
            higher.push_back(*host);
        }
        ranges = std::move(higher);
    }
    return ranges;
}

bool Node::wraps_around() const {
    const auto entries = find("ranges") == nullptr || find("ranges")->value.empty() ? std::nullopt : entries_of(*this);
    return entries && std::ranges::any_of(*entries, [](const RangesEntry& entry) {
               return wraps(entry.own) || wraps({entry.above, entry.own.size});
           });
}

bool Node::is_within(const Node& other) const {
    const auto* node = this;
    while (node != nullptr && node != &other) {
        node = node->parent;
    }
    return node != nullptr;
}

Tree::Tree(std::unique_ptr<Node> root, std::vector<HostRange> reservations)
    : root_(std::move(root)), reservations_(std::move(reservations)) {
    walk(*root_, [&](const Node& node) { index(node); });
}

void Tree::index(const Node& node) {
    for (const auto& label : node.labels) {
        labels_[label] = &node;
    }
    if (const auto phandle = node.cell("phandle")) {
        phandles_[*phandle] = &node;
    }
}

void Tree::find_references(const Tree& renumbered) {
    ReferenceFinder{*root_, *renumbered.root_};
}

const Node* Tree::by_label(std::string_view label) const {
    const auto it = labels_.find(label);
    return it == labels_.end() ? nullptr : it->second;
}

const Node* Tree::by_phandle(std::uint32_t phandle) const {
    const auto it = phandles_.find(phandle);
    return it == phandles_.end() ? nullptr : it->second;
}

const Node* Tree::by_path(std::string_view text) const {
    if (!text.starts_with('/')) {
        const auto* aliases = root_->child("aliases");
        const auto* alias = aliases == nullptr ? nullptr : aliases->find(text);
        const auto path = alias == nullptr ? std::nullopt : alias->string();
        return path && path->starts_with('/') ? by_path(*path) : nullptr;
    }
    const auto* node = root_.get();
    while (node != nullptr && !text.empty()) {
        text.remove_prefix(1);
        const auto name = text.substr(0, text.find('/'));
        node = name.empty() ? node : node->child(name);
        text.remove_prefix(name.size());
    }
    return node;
}

std::string name_of_two(const Node& node) {
    auto found = name_of_two_among(node.properties, [](const Property& p) { return std::string_view(p.name); });
    if (found.empty()) {
        found = name_of_two_among(node.children, [](const auto& child) { return std::string_view(child->name); });
    }
    for (auto child = node.children.begin(); found.empty() && child != node.children.end(); ++child) {
        found = name_of_two(**child);
    }
    return found;
}

}  // namespace mullion::partc
