// SPDX-License-Identifier: Apache-2.0
// Holds a device tree with the source position of every node and property.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "diagnostics.hpp"

namespace mullion::partc {

using Bytes = std::vector<std::uint8_t>;

/// Returns cells as one number, in which the last two count.
std::uint64_t joined(std::span<const std::uint32_t> cells);

struct Property {
    std::string name;
    Bytes value;
    Position at;
    std::vector<std::size_t> references{};  ///< byte offsets of the phandles that the source writes as &label

    /// Returns the big-endian cell at a byte offset.
    std::uint32_t cell_at(std::size_t offset) const;
    /// Returns the value as big-endian 32-bit cells; nothing if the length is not a multiple of 4.
    std::optional<std::vector<std::uint32_t>> cells() const;
    /// Returns the value as NUL-terminated strings; nothing if the last is not terminated, or one is not printable.
    std::optional<std::vector<std::string>> strings() const;
    /// Returns the value as exactly one string.
    std::optional<std::string> string() const;
    /// Returns the value, one or two cells, as one number.
    std::optional<std::uint64_t> number() const;
};

/// Says how many cells of `reg` are an address, and how many a size.
struct CellSizes {
    std::uint32_t address = 2;
    std::uint32_t size = 1;
};

struct Node {
    std::string name;  ///< with its unit address
    std::vector<std::string> labels;
    Position at;
    const Node* parent = nullptr;
    std::vector<Property> properties;
    std::vector<std::unique_ptr<Node>> children;
    bool has_number = false;  ///< the source gives its phandle, so that others may refer to it by a bare number

    const Property* find(std::string_view property) const;
    const Node* child(std::string_view node) const;
    /// Returns the first label if there is one ("cpu1"), else the name.
    const std::string& title() const { return labels.empty() ? name : labels.front(); }
    /// Returns whether one of the strings of `compatible` is `name`.
    bool is_compatible(std::string_view name) const;
    /// Returns whether `device_type` is `type`.
    bool is_type(std::string_view type) const;
    /// Returns the name without its unit address.
    std::string base_name() const { return name.substr(0, name.find('@')); }
    /// Returns whether `status` is absent or "okay" (devicetree specification 2.3.4; "ok" is its old form).
    bool is_enabled() const;
    /// Returns where the property is; without such a property, where the node is.
    const Position& where(std::string_view property) const;

    std::optional<std::uint32_t> cell(std::string_view property) const;
    /// Returns `#address-cells` and `#size-cells`, which are for nodes below, with the devicetree specification's
    /// defaults (2.3.5).
    CellSizes cell_sizes() const;
    /// Returns `reg`, or another property of its form. Requires: the node is not the root.
    std::optional<std::vector<HostRange>> reg(std::string_view property = "reg") const;
    /// Returns the same in the machine's addresses, as `ranges` of every bus above says; nothing if a bus has no
    /// `ranges`, or no entry with all of a range, or if a range wraps around the end of all addresses.
    std::optional<std::vector<HostRange>> host_ranges(std::string_view property = "reg") const;
    /// Returns where in the machine the node's registers may be, as far as `reg` and `ranges` tell. Where these leave
    /// it open, that is all that PCI has, and elsewhere everything. Empty for a node on no bus of the machine.
    std::vector<HostRange> possible_ranges() const;
    /// Returns where in the machine the cards of a PCI host bridge are, which need not have nodes (PCI bus binding to
    /// Open Firmware, `ranges`).
    std::vector<HostRange> pci_windows() const;
    /// Returns, of a PCI host bridge, the memory among these that it hands to the bus at the machine's own addresses,
    /// ascending.
    std::vector<HostRange> pci_memory() const;
    /// Returns whether nothing tells where the node's registers are.
    bool may_be_anywhere() const;
    /// Returns whether an entry of the node's `ranges` wraps around the end of all addresses.
    bool wraps_around() const;
    /// Returns whether this node is `other` or lies below it.
    bool is_within(const Node& other) const;
};

/// Visits the node and all below it, in the order of the tree.
template <class Visit>
void walk(const Node& node, const Visit& visit) {
    visit(node);
    for (const auto& child : node.children) {
        walk(*child, visit);
    }
}

/// Returns a name that two children, or two properties, of one node share; empty if there is none. No tree may have one
/// (devicetree specification, 2.2.1 and 2.2.4).
std::string name_of_two(const Node& node);

class Tree {
 public:
    Tree() = default;
    /// Takes the nodes, and reservations of memory, which are in the head of a flattened tree (devicetree specification
    /// 5.3), where /memreserve/ of a source puts them.
    explicit Tree(std::unique_ptr<Node> root, std::vector<HostRange> reservations = {});

    const Node& root() const { return *root_; }
    const std::vector<HostRange>& reservations() const { return reservations_; }
    /// Gives the nodes away, to somebody who changes them.
    std::unique_ptr<Node> take() && { return std::move(root_); }
    const Node* by_label(std::string_view label) const;
    const Node* by_phandle(std::uint32_t phandle) const;
    /// Returns the node with a path, or with a name in /aliases that stands for its path (devicetree
    /// specification 3.3).
    const Node* by_path(std::string_view text) const;
    /// Fills in `references` of all properties, where values differ from those of the same tree with higher phandles,
    /// and `has_number` of the nodes whose phandle does not.
    void find_references(const Tree& renumbered);

 private:
    void index(const Node& node);

    std::unique_ptr<Node> root_;
    std::vector<HostRange> reservations_;
    std::map<std::string, const Node*, std::less<>> labels_;
    std::map<std::uint32_t, const Node*> phandles_;
};

}  // namespace mullion::partc
