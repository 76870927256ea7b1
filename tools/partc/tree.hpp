// SPDX-License-Identifier: Apache-2.0
// A device tree with the source position of every node and property.
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

/// Big-endian cells as one number, of which the last two count.
std::uint64_t joined(std::span<const std::uint32_t> cells);

struct Property {
    std::string name;
    Bytes value;
    Position at;
    std::vector<std::size_t> references{};  ///< byte offsets of the phandles that the source writes as &label

    /// The big-endian cell at a byte offset.
    std::uint32_t cell_at(std::size_t offset) const;
    /// Big-endian 32-bit cells; nothing when the length is not a multiple of 4.
    std::optional<std::vector<std::uint32_t>> cells() const;
    /// NUL-terminated strings; nothing when the last one is not terminated or one is not printable.
    std::optional<std::vector<std::string>> strings() const;
    /// Exactly one string.
    std::optional<std::string> string() const;
    /// One or two cells as one number.
    std::optional<std::uint64_t> number() const;
};

/// How many cells of `reg` are an address, and how many a size.
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
    /// "cpu1": the first label if there is one, else the name.
    const std::string& title() const { return labels.empty() ? name : labels.front(); }
    /// Whether one of the strings of `compatible` is `name`.
    bool is_compatible(std::string_view name) const;
    /// Whether `device_type` is `type`.
    bool is_type(std::string_view type) const;
    /// The name without its unit address.
    std::string base_name() const { return name.substr(0, name.find('@')); }
    /// Whether `status` is absent or "okay" (devicetree specification 2.3.4; "ok" is its old form).
    bool is_enabled() const;
    /// Where the property is, or else the node.
    const Position& where(std::string_view property) const;

    std::optional<std::uint32_t> cell(std::string_view property) const;
    /// `#address-cells` and `#size-cells`, with the defaults of the devicetree specification (2.3.5): for nodes below.
    CellSizes cell_sizes() const;
    /// Of nodes below the root: `reg`, or another property of its form.
    std::optional<std::vector<HostRange>> reg(std::string_view property = "reg") const;
    /// The same in the machine's addresses, as `ranges` of every bus between here and the root says; nothing where one
    /// has no `ranges`, or none that a range lies in, or where a range wraps around the end of all addresses.
    std::optional<std::vector<HostRange>> host_ranges(std::string_view property = "reg") const;
    /// Where in the machine the node's registers may be, as far as `reg` and `ranges` can be read: all that PCI has,
    /// and else everything, where they leave it open. Nothing for what is on no bus of the machine.
    std::vector<HostRange> possible_ranges() const;
    /// Of a PCI host bridge: where in the machine its cards are, which need have no nodes (PCI bus binding to Open
    /// Firmware, `ranges`).
    std::vector<HostRange> pci_windows() const;
    /// Whether nothing tells where its registers are.
    bool may_be_anywhere() const;
    /// Whether an entry of its `ranges` wraps around the end of all addresses.
    bool wraps_around() const;
    /// Whether this node is `other` or lies below it.
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

/// A name that two nodes, or two properties, of one node have; empty where there is none. No tree may have such
/// (devicetree specification, 2.2.1 and 2.2.4).
std::string name_of_two(const Node& node);

class Tree {
 public:
    Tree() = default;
    /// `reservations`: of memory, from the head of a flattened tree (devicetree specification 5.3), where /memreserve/
    /// in a source puts them.
    explicit Tree(std::unique_ptr<Node> root, std::vector<HostRange> reservations = {});

    const Node& root() const { return *root_; }
    const std::vector<HostRange>& reservations() const { return reservations_; }
    /// The nodes, to change them.
    std::unique_ptr<Node> take() && { return std::move(root_); }
    const Node* by_label(std::string_view label) const;
    const Node* by_phandle(std::uint32_t phandle) const;
    /// `text` is a path, or a name in /aliases that stands for one (devicetree specification 3.3).
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
