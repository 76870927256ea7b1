// SPDX-License-Identifier: Apache-2.0
// The board's nodes in a guest's tree: its devices, and what those refer to.
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

/// Devices are children of the guest's /soc, wherever on the board they are, at the machine's addresses. What has no
/// hardware is below the root, and dynamic reserved memory below /reserved-memory.
class GuestNodes {
 public:
    /// The guest's tree gives phandles below `first_phandle` itself. `given` are nodes of the board whose place another
    /// node of the guest's takes (the APLIC): with the phandle of that one.
    GuestNodes(const Tree& tree, const BoardModel& board, const GuestModel& guest,
               std::map<const Node*, std::uint32_t> given, std::uint32_t first_phandle);

    void write_devices(TreeWriter& to) const;
    void write_providers(TreeWriter& to) const;

    /// Where in the guest's tree the board's node is; nothing when it is not there.
    std::optional<std::string> path(const Node& node) const;
    /// The labels of all nodes that are there, with their paths.
    std::vector<std::pair<std::string, std::string>> labels() const;
    /// Of a node that something refers to, or an overlay may: by its label.
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
