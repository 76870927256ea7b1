// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <cctype>

namespace mullion::partc {
namespace {

std::uint64_t joined(std::span<const std::uint32_t> cells) {
    std::uint64_t value = 0;
    for (const auto cell : cells) {
        value = value << 32 | cell;
    }
    return value;
}

bool translates_nothing(const Node& bus) {
    const auto* ranges = bus.find("ranges");
    return ranges != nullptr && ranges->value.empty();
}

}  // namespace

std::optional<std::vector<std::uint32_t>> Property::cells() const {
    if (value.size() % 4 != 0) {
        return std::nullopt;
    }
    std::vector<std::uint32_t> cells;
    for (std::size_t i = 0; i < value.size(); i += 4) {
        cells.push_back(static_cast<std::uint32_t>(value[i]) << 24 | static_cast<std::uint32_t>(value[i + 1]) << 16 |
                        static_cast<std::uint32_t>(value[i + 2]) << 8 | value[i + 3]);
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

std::optional<std::vector<HostRange>> Node::reg() const {
    const auto* property = find("reg");
    if (property == nullptr) {
        return std::nullopt;
    }
    const auto cells = property->cells().value_or(std::vector<std::uint32_t>{});
    const std::size_t address = parent == nullptr ? 0 : parent->cell("#address-cells").value_or(2);
    const std::size_t size = parent == nullptr ? 0 : parent->cell("#size-cells").value_or(1);
    const auto step = address + size;
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
    for (const auto* bus = parent; bus != nullptr && bus->parent != nullptr; bus = bus->parent) {
        if (!translates_nothing(*bus)) {
            return std::nullopt;
        }
    }
    return reg();
}

Tree::Tree(std::unique_ptr<Node> root) : root_(std::move(root)) {
    index(*root_);
}

void Tree::index(const Node& node) {
    for (const auto& label : node.labels) {
        labels_[label] = &node;
    }
    if (const auto phandle = node.cell("phandle")) {
        phandles_[*phandle] = &node;
    }
    for (const auto& child : node.children) {
        index(*child);
    }
}

const Node* Tree::by_label(std::string_view label) const {
    const auto it = labels_.find(label);
    return it == labels_.end() ? nullptr : it->second;
}

const Node* Tree::by_phandle(std::uint32_t phandle) const {
    const auto it = phandles_.find(phandle);
    return it == phandles_.end() ? nullptr : it->second;
}

}  // namespace mullion::partc
