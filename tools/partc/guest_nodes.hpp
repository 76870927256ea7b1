// SPDX-License-Identifier: Apache-2.0
// Writes the board's nodes in a guest's tree: its devices, and what they refer to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model.hpp"
#include "tree.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {

/// Puts devices below the guest's /soc, at host addresses, wherever in the board's tree they are. Nodes without
/// hardware are below the root, and dynamic reserved memory is below /reserved-memory.
class GuestNodes {
 public:
    /// Assigns phandles from `first_phandle` on. `given` are nodes of the board that the guest has a node of its own
    /// for (the APLIC), with that one's phandle.
    GuestNodes(const Tree& tree, const BoardModel& board, const GuestModel& guest,
               std::map<const Node*, std::uint32_t> given, std::uint32_t first_phandle);

    void write_devices(TreeWriter& to) const;
    void write_providers(TreeWriter& to) const;

    /// Returns the path of a board's node in the guest's tree, nothing if it is not there.
    std::optional<std::string> path(const Node& node) const;
    /// Returns the labels of all nodes in the guest's tree, with their paths.
    std::vector<std::pair<std::string, std::string>> labels() const;
    /// Returns the phandle of a node that something refers to, or that an overlay may refer to by its label.
    std::optional<std::uint32_t> phandle(const Node& node) const;

 private:
    void place(const Node& unit, const std::string& parent);
    void place_below(const Node& node, const std::string& path);
    void give_phandle(const Node* node);
    void number(const Node& unit);
    void write(TreeWriter& to, const Node& node) const;
    void write_properties(TreeWriter& to, const Node& node) const;
    void write_interrupt_parent(TreeWriter& to, const Node& node) const;
    Bytes value(const Node& node, const Property& property) const;
    std::vector<std::size_t> types(const Node& node, const Property& property) const;

    const Tree& tree_;
    const BoardModel& board_;
    const GuestModel& guest_;
    std::map<const Node*, std::uint32_t> phandles_;
    std::uint32_t next_phandle_;
    std::map<const Node*, std::string> paths_;
    std::set<std::string> taken_;  ///< paths
};

}  // namespace mullion::partc
