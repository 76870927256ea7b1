// SPDX-License-Identifier: Apache-2.0
// The description as dtc leaves it (dtc -@: with labels), through libfdt.
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
    /// The names of all.
    std::vector<std::string> properties() const;

    /// Empty where there is no such property.
    std::vector<std::uint32_t> cells(const std::string& property) const;
    std::uint32_t cell(const std::string& property) const;
    std::optional<std::uint64_t> number(const std::string& property) const;

    /// `reg`, in the parent's cells.
    std::vector<Range> reg() const;
    /// `reg` as the harts see it, through `ranges` of every bus above; nothing if one does not lead on.
    std::optional<std::vector<Range>> mapped_reg() const;
    /// The same; fails where there is nothing.
    std::vector<Range> host_reg() const;
    Range only_host_reg() const;

    /// Throws Error that names the node.
    [[noreturn]] void fail(const std::string& why) const;

 private:
    std::optional<std::uint64_t> translated(const Range& range) const;

    const Tree* tree_;
    int offset_;
};

/// Throws Error if the blob is damaged.
class Tree {
 public:
    explicit Tree(std::string blob);

    Node root() const { return {*this, 0}; }
    Node by_phandle(std::uint32_t phandle) const;
    Node by_label(const std::string& label) const;
    bool has_label(const std::string& label) const;

    const void* fdt() const { return blob_.data(); }

 private:
    /// Offset of the node; negative if there is none.
    int labelled(const std::string& label) const;

    std::string blob_;
};

}  // namespace mullion::audit
