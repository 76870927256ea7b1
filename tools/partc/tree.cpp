// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace mullion::partc {
namespace {

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

std::uint64_t joined(std::span<const std::uint32_t> cells) {
    std::uint64_t value = 0;
    for (const auto cell : cells) {
        value = value << 32 | cell;
    }
    return value;
}

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
