// SPDX-License-Identifier: Apache-2.0
// Reads a description compiled by dtc -@ (with labels), through libfdt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "range.hpp"

namespace mullion::audit {

class Tree;

/// A node; valid as long as its tree.
class Node {
 public:
    Node(const Tree& tree, int offset) : tree_(&tree), offset_(offset) {}

    bool operator==(const Node& other) const { return offset_ == other.offset_; }

    std::string name() const;
    std::vector<Node> children() const;
    std::optional<Node> child(const std::string& name) const;
    Node parent() const;

    bool has(const std::string& property) const;
    bool is(const std::string& property, const std::string& value) const;
    /// Returns whether `status` is absent, "okay" or "ok".
    bool is_enabled() const;
    /// Returns the names of all properties.
    std::vector<std::string> properties() const;

    /// Returns a property's cells, empty if there is no such property.
    std::vector<std::uint32_t> cells(const std::string& property) const;
    std::uint32_t cell(const std::string& property) const;
    std::optional<std::uint64_t> number(const std::string& property) const;

    /// Returns `reg`, in addresses of the parent.
    std::vector<Range> reg() const;
    /// Returns `reg` in host addresses, through `ranges` of every bus above; nothing if one does not map it.
    std::optional<std::vector<Range>> mapped_reg() const;
    /// Return `reg` in host addresses; throw Error if there is nothing, or for only_host_reg() more than one.
    std::vector<Range> host_reg() const;
    Range only_host_reg() const;

    /// Throws an Error that names the node.
    [[noreturn]] void fail(const std::string& why) const;

 private:
    std::optional<std::uint64_t> translated(const Range& range) const;

    const Tree* tree_;
    int offset_;
};

/// A whole tree. The constructor throws Error if the blob is damaged.
class Tree {
 public:
    explicit Tree(std::string blob);

    Node root() const { return {*this, 0}; }
    Node by_phandle(std::uint32_t phandle) const;
    Node by_label(const std::string& label) const;
    bool has_label(const std::string& label) const;

    const void* fdt() const { return blob_.data(); }

 private:
    /// Returns the offset of the node with a label, negative if there is none.
    int labelled(const std::string& label) const;

    std::string blob_;
};

}  // namespace mullion::audit
